package io.jollyboat.server;

import io.jollyboat.api.Resource;
import io.jollyboat.api.Target;
import io.jollyboat.store.Changes;
import io.jollyboat.store.Store;
import io.jollyboat.store.StoreException;
import io.jollyboat.store.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * Objects in the store. Callers see a kind in the version that they name; where another version of it is the stored
 * one, {@link Conversions} stands between.
 */
final class Storage {
    /** How many objects are looked at before others have a go. */
    private static final int STRIDE = 200;

    private final Store store;
    private final Decoded decoded = new Decoded();

    Storage(Store store) {
        this.store = store;
    }

    /** An object as a caller sees it; {@code revision} is its resourceVersion. */
    record Found(ObjectNode object, long revision) {}

    /** Part of a range. {@code last} is the key of its last object, relative to the kind; "" for an empty page. */
    record Page(List<ObjectNode> objects, String last, long revision, long more) {}

    long revision() {
        return store.revision();
    }

    /** Whether the store answers at all. */
    boolean reads() {
        try {
            store.get("/health");
            return true;
        } catch (StoreException e) {
            return false;
        }
    }

    Optional<Found> get(Target target) {
        Resource resource = target.resource();
        return store.get(key(target))
                .map(entry -> new Found(Conversions.out(resource, decoded.of(entry)), entry.revision()));
    }

    /**
     * Objects of a kind in the order of their keys.
     *
     * @param start where to begin, relative to the kind's prefix, "" for the beginning
     * @param limit 0 for all
     * @param revision 0 for the newest state
     */
    Page range(Resource resource, String prefix, String start, int limit, long revision) {
        String kind = Keys.prefix(Conversions.stored(resource), "");
        Store.Range range = store.range(prefix, start.isEmpty() ? "" : kind + start, limit, revision);
        List<ObjectNode> objects = new ArrayList<>(range.entries().size());
        for (Store.Entry entry : range.entries()) {
            objects.add(Conversions.out(resource, decoded.of(entry)));
            yieldAfter(objects.size());
        }
        String last =
                range.entries().isEmpty() ? "" : range.entries().getLast().key().substring(kind.length());
        return new Page(objects, last, range.revision(), range.more());
    }

    /** Others shall not wait while many objects are looked at. */
    static void yieldAfter(int objects) {
        if (objects % STRIDE == 0) {
            Thread.yield();
        }
    }

    /** All objects of a kind, newest state. */
    List<ObjectNode> all(Resource resource, String namespace) {
        return range(resource, Keys.prefix(Conversions.stored(resource), namespace), "", 0, 0)
                .objects();
    }

    Changes watch(String prefix, long after) {
        return store.watch(prefix, after);
    }

    Changes watch(String prefix, long after, Topics topics, String topic) {
        return store.watch(prefix, after, topics, topic);
    }

    /**
     * Writes an object.
     *
     * @param expected the revision that it replaces, 0 for a new one
     * @return what readers now see; empty when another write came first
     */
    Optional<ObjectNode> write(Target target, long expected, ObjectNode object) {
        ObjectNode tree = Conversions.in(target.resource(), object);
        byte[] bytes = SharedObject.encode(tree);
        return switch (store.write(key(target), expected, Optional.of(bytes))) {
            case Store.Outcome.Written written ->
                Optional.of(Conversions.out(
                        target.resource(), decoded.add(SharedObject.of(key(target), written.revision(), bytes, tree))));
            case Store.Outcome.Refused _ -> Optional.empty();
        };
    }

    /** Deletes an object at this revision; the revision of the deletion, empty when another write came first. */
    Optional<Long> delete(Target target, long expected) {
        return switch (store.write(key(target), expected, Optional.empty())) {
            case Store.Outcome.Written written -> {
                decoded.release(key(target));
                yield Optional.of(written.revision());
            }
            case Store.Outcome.Refused _ -> Optional.empty();
        };
    }

    /** What a change holds, and what was before it. */
    SharedObject decode(Store.Entry entry) {
        return decoded.of(entry);
    }

    static String key(Target target) {
        return Keys.of(Conversions.stored(target.resource()), target.namespace(), target.name());
    }
}
