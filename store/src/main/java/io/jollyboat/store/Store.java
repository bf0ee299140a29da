package io.jollyboat.store;

import java.util.List;
import java.util.Optional;

/**
 * Revisioned bytes. One counter counts the writes of the whole store, beginning at 1; a key's value is known by the
 * revision that wrote it. Keys are printable ASCII and are ordered by their bytes.
 *
 * <p>All methods may be called by any thread. A write that has returned survives a killed process and a power
 * failure (for the implementations that keep anything).
 */
public interface Store extends AutoCloseable {
    /** The revision of the last write; 0 for an empty store. */
    long revision();

    /** The oldest revision that {@link #range} and {@link #watch} still know. */
    long compacted();

    Optional<Entry> get(String key);

    /**
     * The entries whose keys begin with {@code prefix} and are not less than {@code start}, in key order.
     *
     * @param start "" to begin at the beginning
     * @param limit at most so many entries; 0 for all
     * @param revision the state after that write; 0 for the newest
     * @throws CompactedException when that state is no longer known
     * @throws IllegalArgumentException when that write is yet to come
     */
    Range range(String prefix, String start, int limit, long revision);

    /**
     * Writes if the key's present revision is {@code expected}. Deleting what is not there is refused.
     *
     * @param key 1 to 4,096 printable ASCII characters
     * @param expected 0: the key must not be there
     * @param value the new bytes, at most 8 MiB; empty to delete the key
     * @return written, with the new revision, or the entry that stood against it
     * @throws StoreException when the store cannot write now: full disk, damaged file, closed
     * @throws IllegalArgumentException for a key or value beyond the limits
     */
    Outcome write(String key, long expected, Optional<byte[]> value);

    /**
     * The changes under a prefix after a revision, without gap or repetition. That revision may be one yet to come.
     *
     * @throws CompactedException when {@code after} is less than {@link #compacted()}
     */
    Changes watch(String prefix, long after);

    /**
     * As {@link #watch(String, long)}, of the changes that are about one topic: where a thousand watch a part each of what
     * is under a prefix, a change costs those whom it concerns. Changes about other topics may be handed out too.
     *
     * @param topics always the same object for the same way to tell topics
     */
    default Changes watch(String prefix, long after, Topics topics, String topic) {
        return watch(prefix, after);
    }

    /**
     * Forgets what was before {@code revision}; the entries themselves stay. A store also forgets the oldest of its own
     * accord, when it keeps more than its limits allow.
     */
    void compact(long revision);

    @Override
    void close();

    /** A key's value; {@code bytes} must not be changed. */
    record Entry(String key, byte[] bytes, long revision) {}

    /**
     * What a range found.
     *
     * @param revision of the state that it shows
     * @param more how many entries follow beyond the limit
     */
    record Range(List<Entry> entries, long revision, long more) {}

    /** How a write ended. */
    sealed interface Outcome {
        record Written(long revision) implements Outcome {}

        /** Nothing was written; {@code present} is what the key holds, empty when it is not there. */
        record Refused(Optional<Entry> present) implements Outcome {}
    }
}
