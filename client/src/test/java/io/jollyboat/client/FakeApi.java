package io.jollyboat.client;

import io.jollyboat.api.Api;
import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.ListOptions;
import io.jollyboat.api.ObjectList;
import io.jollyboat.api.Patch;
import io.jollyboat.api.Resource;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.Target;
import io.jollyboat.api.Watch;
import io.jollyboat.api.WatchEvent;
import io.jollyboat.api.WatchOptions;
import io.jollyboat.api.WriteOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** One kind in memory with a history, whose watches can be ended, forgotten and made to fail. */
final class FakeApi implements Api {
    private final Map<Key, ObjectNode> objects =
            new TreeMap<>((a, b) -> a.toString().compareTo(b.toString()));
    private final List<WatchEvent> history = new ArrayList<>();
    private final List<FakeWatch> open = new ArrayList<>();
    private long forgotten;
    private int broken;
    int lists;
    int watches;

    long revision() {
        return history.size() + 10;
    }

    void put(String namespace, String name, String value) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        Key key = new Key(namespace, name);
        boolean known = objects.containsKey(key);
        object.putObject("metadata")
                .put("namespace", namespace)
                .put("name", name)
                .put("resourceVersion", String.valueOf(revision() + 1));
        object.put("value", value);
        objects.put(key, object);
        history.add(new WatchEvent(known ? WatchEvent.Type.MODIFIED : WatchEvent.Type.ADDED, object));
    }

    void remove(String namespace, String name) {
        ObjectNode object = objects.remove(new Key(namespace, name)).deepCopy();
        ((ObjectNode) object.get("metadata")).put("resourceVersion", String.valueOf(revision() + 1));
        history.add(new WatchEvent(WatchEvent.Type.DELETED, object));
    }

    void endWatches() {
        open.forEach(watch -> watch.ended = true);
    }

    /** Forgets the whole history. */
    void compact() {
        forgotten = revision();
        endWatches();
    }

    /** Fails so many of the next calls. */
    void fail(int calls) {
        broken = calls;
    }

    boolean watched() {
        return open.stream().anyMatch(watch -> !watch.ended);
    }

    @Override
    public ObjectList list(Resource resource, String namespace, ListOptions options) {
        lists++;
        breakdown();
        List<ObjectNode> all = List.copyOf(objects.values());
        int from = options.next().isEmpty() ? 0 : Integer.parseInt(options.next());
        int to = (int) Math.min(all.size(), from + options.limit());
        String next = to < all.size() ? String.valueOf(to) : "";
        return new ObjectList(resource, all.subList(from, to), String.valueOf(revision()), next, OptionalLong.empty());
    }

    @Override
    public Watch watch(Resource resource, String namespace, WatchOptions options) {
        watches++;
        breakdown();
        FakeWatch watch = new FakeWatch(Long.parseLong(options.resourceVersion()));
        open.add(watch);
        return watch;
    }

    private void breakdown() {
        if (broken > 0) {
            broken--;
            throw new IllegalStateException("connection refused");
        }
    }

    private final class FakeWatch implements Watch {
        private long position;
        private boolean ended;

        FakeWatch(long position) {
            this.position = position;
        }

        @Override
        public Optional<WatchEvent> next(Duration limit) {
            if (position < forgotten) {
                throw StatusException.of(Reason.EXPIRED, "too old resource version");
            }
            if (ended || position >= revision()) {
                return Optional.empty();
            }
            return Optional.of(history.get((int) (position++ - 10)));
        }

        @Override
        public boolean ended() {
            return ended;
        }

        @Override
        public void close() {
            ended = true;
        }
    }

    @Override
    public ObjectNode get(Target target) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ObjectNode create(Resource resource, String namespace, ObjectNode object, WriteOptions options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ObjectNode create(Target target, ObjectNode body, WriteOptions options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ObjectNode update(Target target, ObjectNode object, WriteOptions options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ObjectNode patch(Target target, Patch patch, WriteOptions options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ObjectNode delete(Target target, DeleteOptions options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ObjectList deleteCollection(Resource resource, String namespace, ListOptions which, DeleteOptions options) {
        throw new UnsupportedOperationException();
    }
}
