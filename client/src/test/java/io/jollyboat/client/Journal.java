package io.jollyboat.client;

import io.jollyboat.api.Meta;
import io.jollyboat.store.Changes;
import io.jollyboat.store.Store;
import io.jollyboat.store.Topics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Predicate;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A store that remembers every write of ConfigMaps: what readers must have seen is worked out from it afterwards. */
final class Journal implements Store {
    static final Predicate<ObjectNode> ALL = object -> true;
    static final Predicate<ObjectNode> RED =
            object -> Meta.label(object, "colour").orElse("").equals("red");

    private static final String PREFIX = "/registry/core/configmaps/default/";

    private final Store store;
    private final Map<Long, Write> writes = new ConcurrentSkipListMap<>();

    /** One write; a deletion leaves nothing. */
    record Write(String name, Optional<ObjectNode> object) {}

    Journal(Store store) {
        this.store = store;
    }

    /** An object in short: {@code name@revision mark}, the mark being the label that each write sets anew. */
    static String brief(ObjectNode object, long revision) {
        return Meta.name(object) + "@" + revision + " " + mark(object);
    }

    static String mark(ObjectNode object) {
        return Meta.label(object, "mark").orElse("");
    }

    @Override
    public Outcome write(String key, long expected, Optional<byte[]> value) {
        Outcome outcome = store.write(key, expected, value);
        if (key.startsWith(PREFIX) && outcome instanceof Outcome.Written written) {
            Optional<ObjectNode> object =
                    value.map(bytes -> (ObjectNode) JsonMapper.shared().readTree(bytes));
            writes.put(written.revision(), new Write(key.substring(PREFIX.length()), object));
        }
        return outcome;
    }

    /** By revision, in order; complete when nobody writes any more. */
    Map<Long, Write> writes() {
        return writes;
    }

    /** What was there after a revision, in short, in the order of the names. */
    List<String> state(long revision, Predicate<ObjectNode> chosen) {
        Map<String, String> state = new TreeMap<>();
        writes.forEach((at, write) -> {
            if (at <= revision) {
                write.object()
                        .filter(chosen)
                        .ifPresentOrElse(
                                object -> state.put(write.name(), brief(object, at)), () -> state.remove(write.name()));
            }
        });
        return List.copyOf(state.values());
    }

    /** {@code TYPE name@revision mark} of all that a watch tells of the writes after one revision up to another. */
    List<String> events(long after, long last, Predicate<ObjectNode> chosen) {
        Map<String, ObjectNode> present = new HashMap<>();
        List<String> events = new ArrayList<>();
        writes.forEach((at, write) -> {
            Optional<ObjectNode> is = write.object().filter(chosen);
            Optional<ObjectNode> was =
                    Optional.ofNullable(present.remove(write.name())).filter(chosen);
            write.object().ifPresent(object -> present.put(write.name(), object));
            if (at > after && at <= last && (was.isPresent() || is.isPresent())) {
                String type = is.isEmpty() ? "DELETED " : was.isEmpty() ? "ADDED " : "MODIFIED ";
                events.add(type + brief(is.or(() -> was).orElseThrow(), at));
            }
        });
        return events;
    }

    @Override
    public long revision() {
        return store.revision();
    }

    @Override
    public long compacted() {
        return store.compacted();
    }

    @Override
    public Optional<Entry> get(String key) {
        return store.get(key);
    }

    @Override
    public Range range(String prefix, String start, int limit, long revision) {
        return store.range(prefix, start, limit, revision);
    }

    @Override
    public Changes watch(String prefix, long after) {
        return store.watch(prefix, after);
    }

    @Override
    public Changes watch(String prefix, long after, Topics topics, String topic) {
        return store.watch(prefix, after, topics, topic);
    }

    @Override
    public void compact(long revision) {
        store.compact(revision);
    }

    @Override
    public void close() {
        store.close();
    }
}
