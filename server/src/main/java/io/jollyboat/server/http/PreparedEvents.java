package io.jollyboat.server.http;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Events as they are sent: each is encoded once for all who watch in the same form, and all send the same bytes. So
 * thousands of watchers cost one encoding of an event, and one that reads slowly holds on to bytes that are there anyway.
 *
 * <p>What was not asked for lately is forgotten, and encoded anew for who comes late.
 */
final class PreparedEvents {
    /** As much as the newest few thousand usual events. */
    static final long MOST_BYTES = 4 << 20;

    private final Map<Key, Event> events = new LinkedHashMap<>(64, 0.75f, true); // guarded by this, also bytes
    private long bytes;

    /**
     * What is sent is the same where this is: a revision names one change of one object.
     *
     * @param type {@code ADDED} and so on
     */
    record Key(long revision, String type, Shape shape) {}

    /**
     * How a watcher wants to see things.
     *
     * @param apiVersion of the kind that is asked for: one stored object may be seen in two
     * @param details of a table: what stands in it beside the object, and at which second it was made, for it tells ages
     */
    record Shape(String apiVersion, Accept.Form form, boolean protobuf, String details) {}

    /** One event, encoded by the first who wants it while the others wait. */
    private static final class Event {
        private byte @Nullable [] encoded; // guarded by this
        private int counted; // of its bytes; guarded by the outer object

        synchronized byte[] get(Supplier<byte[]> encode) {
            byte[] known = encoded;
            if (known == null) {
                known = encode.get();
                encoded = known;
            }
            return known;
        }
    }

    /**
     * The bytes of an event; nobody may change them.
     *
     * @param encode makes them, unless they are known
     */
    byte[] get(Key key, Supplier<byte[]> encode) {
        Event event;
        synchronized (this) {
            event = events.computeIfAbsent(key, k -> new Event());
        }
        byte[] encoded = event.get(encode);
        if (encoded.length > 0) {
            count(key, event, encoded.length);
        }
        return encoded;
    }

    private synchronized void count(Key key, Event event, int length) {
        if (event.counted > 0 || events.get(key) != event) {
            return;
        }
        event.counted = length;
        bytes += length;
        Iterator<Event> eldest = events.values().iterator();
        while (bytes > MOST_BYTES) {
            bytes -= eldest.next().counted;
            eldest.remove();
        }
    }

    /** How many bytes are held. */
    synchronized long bytes() {
        return bytes;
    }
}
