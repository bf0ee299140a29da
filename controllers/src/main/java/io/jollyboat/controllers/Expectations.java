package io.jollyboat.controllers;

import io.jollyboat.api.Meta;
import io.jollyboat.client.Key;
import io.jollyboat.client.Snapshot;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a controller wrote that its mirror may not show yet. Who decides on a mirror that lacks the own last writes
 * creates Pods twice; so a key is left alone until the mirror has caught up. A write is known to be shown by its
 * revision, a deletion by the object being gone or going. Used by one loop only.
 */
final class Expectations {
    private static final class Expected {
        private long revision;
        private final Map<Key, String> deleted = new HashMap<>();
    }

    private final Map<Key, Expected> expected = new HashMap<>();

    /** The API answered a write for {@code key} with this object. */
    void wrote(Key key, ObjectNode answer) {
        String version = Meta.resourceVersion(answer);
        if (!version.isEmpty()) {
            Expected entry = expected.computeIfAbsent(key, k -> new Expected());
            entry.revision = Math.max(entry.revision, Long.parseUnsignedLong(version));
        }
    }

    void deleted(Key key, Metadata object) {
        expected.computeIfAbsent(key, k -> new Expected()).deleted.put(object.key(), object.uid());
    }

    /** Whether the mirror shows all that was written for {@code key}. */
    boolean settled(Key key, Snapshot<? extends Mirrored> shown) {
        Expected entry = expected.get(key);
        if (entry == null) {
            return true;
        }
        entry.deleted.entrySet().removeIf(deletion -> !stillThere(shown, deletion.getKey(), deletion.getValue()));
        if (entry.revision > shown.revision() || !entry.deleted.isEmpty()) {
            return false;
        }
        expected.remove(key);
        return true;
    }

    void forget(Key key) {
        expected.remove(key);
    }

    private static boolean stillThere(Snapshot<? extends Mirrored> shown, Key key, String uid) {
        return shown.get(key)
                .map(Mirrored::metadata)
                .filter(object -> object.uid().equals(uid) && !object.deleting())
                .isPresent();
    }
}
