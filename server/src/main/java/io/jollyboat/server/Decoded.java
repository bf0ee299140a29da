package io.jollyboat.server;

import io.jollyboat.store.Store;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Stored values that were decoded, so that watchers, lists and gets share one tree. Of each key the newest revision
 * and the one before are kept: changes are told with what was before. Bounded by the size of the stored bytes; what
 * was not used for longest goes first and is decoded anew when wanted.
 */
final class Decoded {
    /** Of stored JSON; the trees take several times as much memory. */
    static final int LIMIT_BYTES = 16 << 20;

    private static final int SHARDS = 16;

    private final List<Shard> shards = new ArrayList<>(SHARDS);

    Decoded() {
        for (int i = 0; i < SHARDS; i++) {
            shards.add(new Shard());
        }
    }

    /** The entry as an object. */
    SharedObject of(Store.Entry entry) {
        return shard(entry.key()).find(entry);
    }

    /** Remembers what was just written. */
    SharedObject add(SharedObject written) {
        return shard(written.key()).add(written);
    }

    private Shard shard(String key) {
        return shards.get(Math.floorMod(key.hashCode() * 0x9e3779b9 >>> 16, SHARDS));
    }

    private static final class Slot {
        SharedObject newest;

        @Nullable
        SharedObject older;

        Slot(SharedObject newest) {
            this.newest = newest;
        }

        int size() {
            return newest.storedBytes() + (older == null ? 0 : older.storedBytes());
        }
    }

    /** One part of the keys under a lock of its own; a value is decoded under it, so that it is decoded once. */
    private static final class Shard {
        private final Map<String, Slot> slots = new LinkedHashMap<>(64, 0.75f, true);
        private int bytes;

        synchronized SharedObject find(Store.Entry entry) {
            Slot slot = slots.get(entry.key());
            if (slot != null) {
                if (slot.newest.revision() == entry.revision()) {
                    return slot.newest;
                }
                SharedObject older = slot.older;
                if (older != null && older.revision() == entry.revision()) {
                    return older;
                }
            }
            return add(SharedObject.decode(entry.key(), entry.revision(), entry.bytes()));
        }

        synchronized SharedObject add(SharedObject object) {
            Slot slot = slots.get(object.key());
            if (slot == null) {
                slot = new Slot(object);
                slots.put(object.key(), slot);
                bytes += object.storedBytes();
            } else if (slot.newest.revision() == object.revision()) {
                return slot.newest;
            } else {
                bytes -= slot.size();
                if (object.revision() > slot.newest.revision()) {
                    slot.older = slot.newest;
                    slot.newest = object;
                } else {
                    slot.older = object;
                }
                bytes += slot.size();
            }
            shrink();
            return object;
        }

        private void shrink() {
            var eldest = slots.values().iterator();
            while (bytes > LIMIT_BYTES / SHARDS && slots.size() > 1 && eldest.hasNext()) {
                bytes -= eldest.next().size();
                eldest.remove();
            }
        }
    }
}
