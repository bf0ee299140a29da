package io.jollyboat.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Who waits for changes. A watcher has no queue: it is a prefix and a position in the shared {@link History}, and is in
 * one of two states.
 *
 * <p><b>Behind</b>: changes after its position may concern it; it looks through the history when it is read next, and
 * has ended when the history has forgotten its position. <b>Armed</b>: it has looked through everything, and the first
 * change under its prefix will put it behind, just before that change. An armed watcher costs nothing, whatever happens
 * under other prefixes, and cannot fall out of the history.
 *
 * <p>To find whom a change concerns, the armed are kept by prefix, and the prefixes counted by length: a change of
 * {@code pods/a/x} with watchers armed on {@code pods/}, {@code nodes/} and {@code pods/a/} looks up its own beginnings
 * of 5, 6 and 7 characters. So a write costs a look-up for each length, not for each watcher. Watchers of one topic are
 * kept by it, below their prefix: the change is asked once for its topics, and wakes whoever is armed on one of them.
 */
final class Watchers {
    /** At most so many changes are handed out at once. */
    static final int MAX_BATCH = 1_000;

    /** What a watcher of a whole prefix watches: each change is about the one topic. */
    private static final Topics EVERYTHING = change -> Set.of("");

    private final History history;
    private final ReentrantLock lock = new ReentrantLock(); // guards the fields below and those of every Watcher
    private final Map<String, Armed> armed = new HashMap<>();
    private final TreeMap<Integer, Integer> prefixesOfLength = new TreeMap<>();
    private long told;
    private boolean closed;

    Watchers(History history) {
        this.history = history;
        this.told = history.latest().revision();
    }

    Changes open(String prefix, long after) {
        return open(prefix, after, EVERYTHING, "");
    }

    Changes open(String prefix, long after, Topics topics, String topic) {
        if (after < history.compacted()) {
            throw new CompactedException(after, history.compacted());
        }
        return new Watcher(prefix, after, topics, topic);
    }

    /** Wakes those whom these versions concern; they are in the history already. */
    void tell(List<Version> versions) {
        lock.lock();
        try {
            for (Version version : versions) {
                tell(version);
            }
            told = versions.getLast().revision();
        } finally {
            lock.unlock();
        }
    }

    private void tell(Version version) {
        if (armed.isEmpty()) {
            return;
        }
        String key = version.change().key();
        for (int length :
                List.copyOf(prefixesOfLength.headMap(key.length(), true).keySet())) {
            String prefix = key.substring(0, length);
            Armed concerned = armed.get(prefix);
            if (concerned != null) {
                concerned.take(version).forEach(watcher -> watcher.disarm(version.revision()));
                forgetIfEmpty(prefix, concerned);
            }
        }
    }

    /** A version notes what one way to tell topics said; the answer that is always the same is not worth a note. */
    private static Set<String> topics(Version version, Topics topics) {
        return topics.equals(EVERYTHING) ? topics.of(version.change()) : version.topics(topics);
    }

    /** Ends all watchers; those opened later have ended too. */
    void close() {
        lock.lock();
        try {
            closed = true;
            armed.values().forEach(each -> each.all().forEach(watcher -> watcher.wake.signalAll()));
        } finally {
            lock.unlock();
        }
    }

    private void arm(Watcher watcher) {
        armed.computeIfAbsent(watcher.prefix, prefix -> {
                    prefixesOfLength.merge(prefix.length(), 1, Integer::sum);
                    return new Armed();
                })
                .add(watcher);
        watcher.armed = true;
    }

    private void remove(Watcher watcher) {
        Armed same = armed.get(watcher.prefix);
        if (same != null) {
            same.remove(watcher);
            forgetIfEmpty(watcher.prefix, same);
        }
    }

    private void forgetIfEmpty(String prefix, Armed same) {
        if (same.byTopic.isEmpty()) {
            armed.remove(prefix);
            prefixesOfLength.computeIfPresent(prefix.length(), (length, count) -> count > 1 ? count - 1 : null);
        }
    }

    /** The armed of one prefix. */
    private static final class Armed {
        private final Map<Topics, Map<String, Set<Watcher>>> byTopic = new IdentityHashMap<>();

        void add(Watcher watcher) {
            byTopic.computeIfAbsent(watcher.topics, topics -> new HashMap<>())
                    .computeIfAbsent(watcher.topic, topic -> new LinkedHashSet<>())
                    .add(watcher);
        }

        void remove(Watcher watcher) {
            byTopic.computeIfPresent(watcher.topics, (topics, watchers) -> {
                watchers.computeIfPresent(
                        watcher.topic, (topic, same) -> same.remove(watcher) && same.isEmpty() ? null : same);
                return watchers.isEmpty() ? null : watchers;
            });
        }

        /** Takes out those whom a change concerns. */
        List<Watcher> take(Version version) {
            List<Watcher> concerned = new ArrayList<>();
            byTopic.forEach((topics, watchers) -> {
                for (String topic : topics(version, topics)) {
                    Set<Watcher> same = watchers.remove(topic);
                    if (same != null) {
                        concerned.addAll(same);
                    }
                }
            });
            byTopic.values().removeIf(Map::isEmpty);
            return concerned;
        }

        List<Watcher> all() {
            return byTopic.values().stream()
                    .flatMap(watchers -> watchers.values().stream())
                    .flatMap(Set::stream)
                    .toList();
        }
    }

    /** What a look through the history found: up to {@code reached} nothing else concerns the watcher. */
    private record Found(List<Changes.Change> changes, long reached, boolean lost) {}

    private Found look(Watcher watcher, long after) {
        List<Changes.Change> changes = new ArrayList<>();
        if (after < history.compacted()) {
            return new Found(changes, after, true);
        }
        long newest = history.latest().revision();
        long reached = after;
        while (reached < newest && changes.size() < MAX_BATCH) {
            Optional<Version> version = history.find(reached + 1);
            if (version.isEmpty()) {
                return new Found(changes, reached, true);
            }
            reached++;
            Changes.Change change = version.get().change();
            if (change.key().startsWith(watcher.prefix)
                    && topics(version.get(), watcher.topics).contains(watcher.topic)) {
                changes.add(change);
            }
        }
        return new Found(changes, reached, false);
    }

    /** One watcher. Its fields are guarded by the lock above; one thread at a time may call {@link #next}. */
    private final class Watcher implements Changes {
        private final String prefix;
        private final Topics topics;
        private final String topic;
        private final Condition wake = lock.newCondition();
        private long position;
        private boolean armed;
        private boolean ended;

        Watcher(String prefix, long after, Topics topics, String topic) {
            this.prefix = prefix;
            this.topics = topics;
            this.topic = topic;
            this.position = after;
        }

        @Override
        public List<Change> next(Duration limit) throws InterruptedException {
            long nanos = limit.toNanos();
            while (true) {
                long from;
                lock.lockInterruptibly();
                try {
                    while (armed && !over() && nanos > 0) {
                        nanos = wake.awaitNanos(nanos);
                    }
                    if (armed || over()) {
                        return List.of();
                    }
                    from = position;
                } finally {
                    lock.unlock();
                }
                Found found = look(this, from);
                if (settle(found) || !found.changes().isEmpty()) {
                    return found.changes();
                }
            }
        }

        /** Takes over how far the look went; true when the watcher is cut off. */
        private boolean settle(Found found) {
            lock.lock();
            try {
                position = found.reached();
                ended |= found.lost();
                if (!over() && position >= told) {
                    arm(this);
                }
                return over();
            } finally {
                lock.unlock();
            }
        }

        private void disarm(long revision) {
            armed = false;
            position = Math.max(position, revision - 1);
            wake.signalAll();
        }

        private boolean over() {
            return ended || closed;
        }

        @Override
        public long seen() {
            lock.lock();
            try {
                return armed ? Math.max(position, told) : position;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public boolean ended() {
            lock.lock();
            try {
                return over() || (!armed && position < history.compacted());
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            lock.lock();
            try {
                remove(this);
                armed = false;
                ended = true;
                wake.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }
}
