package io.jollyboat.server;

import io.jollyboat.store.Store;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Stored values that were decoded, so that watchers, lists and gets share one tree.
 *
 * <p>What somebody holds, say a mirror of a kind in the same process, is found here for as long as he does: that costs
 * nothing. Beyond that the trees that were used last are held, up to a limit. Of each key the newest revision and the
 * one before are known, for changes are told with what was before.
 */
final class Decoded {
    /** Stored JSON whose trees are held; a tree takes about seven times as much memory, so this is a third of the heap. */
    static final long LIMIT_BYTES = Runtime.getRuntime().maxMemory() / 20;

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

    /** What was deleted is not held any longer; who still holds it, still finds it. */
    void release(String key) {
        shard(key).release(key);
    }

    private Shard shard(String key) {
        return shards.get(Math.floorMod(key.hashCode() * 0x9e3779b9 >>> 16, SHARDS));
    }

    /** A tree at one revision, for as long as somebody holds it. */
    private static final class Held extends WeakReference<SharedObject> {
        final String key;
        final long revision;

        Held(SharedObject object, ReferenceQueue<SharedObject> gone) {
            super(object, gone);
            this.key = object.key();
            this.revision = object.revision();
        }
    }

    private static final class Slot {
        Held newest;

        @Nullable
        Held older;

        Slot(Held newest) {
            this.newest = newest;
        }

        @Nullable
        SharedObject at(long revision) {
            Held held = newest.revision == revision ? newest : older;
            return held == null || held.revision != revision ? null : held.get();
        }
    }

    /** One part of the keys under a lock of its own; a value is decoded under it, so that it is decoded once. */
    private static final class Shard {
        private final Map<String, Slot> slots = new HashMap<>();
        private final ReferenceQueue<SharedObject> gone = new ReferenceQueue<>();
        /** The newest of each key, as long as there is room: the first was not used for longest. */
        private final Map<String, SharedObject> recent = new LinkedHashMap<>(64, 0.75f, true);

        private long bytes; // of recent

        synchronized SharedObject find(Store.Entry entry) {
            Slot slot = slots.get(entry.key());
            SharedObject found = slot == null ? null : slot.at(entry.revision());
            if (found == null) {
                return add(SharedObject.decode(entry.key(), entry.revision(), entry.bytes()));
            }
            if (slot != null && slot.newest.revision == entry.revision()) {
                hold(found);
            }
            return found;
        }

        synchronized SharedObject add(SharedObject object) {
            forgetGone();
            Slot slot = slots.get(object.key());
            if (slot == null) {
                slots.put(object.key(), new Slot(new Held(object, gone)));
                hold(object);
                return object;
            }
            SharedObject present = slot.at(object.revision());
            if (present != null) {
                return present;
            }
            Held held = new Held(object, gone);
            if (object.revision() < slot.newest.revision) {
                slot.older = held;
            } else {
                slot.older = slot.newest;
                slot.newest = held;
                hold(object);
            }
            return object;
        }

        synchronized void release(String key) {
            SharedObject held = recent.remove(key);
            bytes -= held == null ? 0 : held.storedBytes();
        }

        private void hold(SharedObject object) {
            SharedObject before = recent.put(object.key(), object);
            bytes += object.storedBytes() - (before == null ? 0 : before.storedBytes());
            Iterator<SharedObject> eldest = recent.values().iterator();
            while (bytes > LIMIT_BYTES / SHARDS && recent.size() > 1) {
                bytes -= eldest.next().storedBytes();
                eldest.remove();
            }
        }

        private void forgetGone() {
            for (Reference<?> next; (next = gone.poll()) != null; ) {
                Held held = (Held) next;
                Slot slot = slots.get(held.key);
                if (slot != null && slot.newest.get() == null) {
                    slots.remove(held.key);
                }
            }
        }
    }
}
