package io.jollyboat.store;

import io.jollyboat.store.Store.Entry;
import io.jollyboat.store.Store.Range;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * The memory of a store: its newest versions and who watches them. Reading takes no lock; whoever writes drafts from
 * {@link #latest} and publishes, one at a time.
 */
final class Engine {
    /** The longest key; a namespaced name in Kubernetes needs about 800. */
    static final int MAX_KEY_CHARS = 4_096;
    /** The largest value; Kubernetes refuses request bodies of more than 3 MiB. */
    static final int MAX_VALUE_BYTES = 8 << 20;

    private final History history;
    private final Watchers watchers;

    Engine(History history) {
        this.history = history;
        this.watchers = new Watchers(history);
    }

    Version latest() {
        return history.latest();
    }

    History history() {
        return history;
    }

    /** Makes drafted versions visible; they follow the latest. */
    void publish(List<Version> versions) {
        if (!versions.isEmpty()) {
            versions.forEach(history::add);
            watchers.tell(versions);
        }
    }

    Range range(String prefix, String start, int limit, long revision) {
        Version version = revision == 0 ? history.latest() : at(revision);
        Tree entries = version.entries();
        int first = entries.countBefore(start.compareTo(prefix) > 0 ? start : prefix);
        int end = prefix.isEmpty() ? entries.size() : entries.countBefore(after(prefix));
        int present = Math.max(0, end - first);
        int wanted = limit == 0 ? present : Math.min(limit, present);
        List<Entry> found = wanted == 0 ? List.of() : entries.slice(first, wanted);
        return new Range(found, version.revision(), present - wanted);
    }

    Changes watch(String prefix, long after) {
        return watchers.open(prefix, after);
    }

    Changes watch(String prefix, long after, Topics topics, String topic) {
        return watchers.open(prefix, after, topics, topic);
    }

    /** Ends the watchers; what is in memory can still be read. */
    void close() {
        watchers.close();
    }

    /** @throws IllegalArgumentException for a key or value that no store takes; the caller has a bug */
    static void check(String key, Optional<byte[]> value) {
        if (key.isEmpty() || key.length() > MAX_KEY_CHARS || !key.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
            throw new IllegalArgumentException("a key has 1 to " + MAX_KEY_CHARS
                    + " printable ASCII characters, unlike: " + key.substring(0, Math.min(100, key.length())));
        }
        if (value.isPresent() && value.get().length > MAX_VALUE_BYTES) {
            throw new IllegalArgumentException("the value of " + key + " has " + value.get().length
                    + " bytes; a store takes at most " + MAX_VALUE_BYTES);
        }
    }

    private Version at(long revision) {
        long newest = history.latest().revision();
        if (revision > newest) {
            throw new IllegalArgumentException("revision " + revision + " is yet to come; the newest is " + newest);
        }
        return history.find(revision).orElseThrow(() -> new CompactedException(revision, history.compacted()));
    }

    /** The least string that is greater than everything under the prefix. */
    private static String after(String prefix) {
        byte[] bytes = prefix.getBytes(StandardCharsets.US_ASCII);
        bytes[bytes.length - 1]++;
        return new String(bytes, StandardCharsets.US_ASCII);
    }
}
