package io.jollyboat.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.Api;
import io.jollyboat.api.Meta;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import tools.jackson.databind.node.ObjectNode;

/** Readers, who go on until they have seen the last write; what they were shown is compared with the journal afterwards. */
final class Followers {
    /** The name of the last object to be made. */
    static final String END = "end";

    private static final int MOST_ATTEMPTS = 2_000;
    private static final int MOST_LISTS = 100;
    private static final int PAGE = 3;
    /** For the last write, from whoever has looked often enough meanwhile. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Journal journal;
    private final Writers writers;
    private final Queue<Runnable> checks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger resumed = new AtomicInteger();
    private final CountDownLatch over = new CountDownLatch(1);

    Followers(Journal journal, Writers writers) {
        this.journal = journal;
        this.writers = writers;
    }

    /** The last object was made. */
    void over() {
        over.countDown();
    }

    /** Compares, when nobody writes any more and all have come to their end. */
    void check() {
        checks.forEach(Runnable::run);
        assertThat(checks).isNotEmpty();
    }

    /** How many watches went on where another was cut off. */
    int resumed() {
        return resumed.get();
    }

    private static Predicate<ObjectNode> chosen(String labels) {
        return labels.isEmpty() ? Journal.ALL : Journal.RED;
    }

    private void showsState(List<String> items, long revision, String labels) {
        checks.add(() -> assertThat(items)
                .as("the state of revision %d", revision)
                .containsExactlyInAnyOrderElementsOf(journal.state(revision, chosen(labels))));
    }

    /** Lists, page by page, again and again; the last time after the last write. */
    void list(Window window, String labels) throws InterruptedException {
        for (int i = 0; i < MOST_LISTS && over.getCount() > 0; i++) {
            listed(window, labels, PAGE);
        }
        assertThat(over.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        boolean shown = false;
        for (int i = 0; !shown; i++) {
            assertThat(i).isLessThan(MOST_ATTEMPTS);
            shown = listed(window, labels, PAGE).isPresent();
        }
    }

    /** @param items in short, of all pages */
    private record Listed(long revision, List<String> items) {}

    /** One list; nothing when it could not be finished. */
    private Optional<Listed> listed(Window window, String labels, int limit) {
        long floor = writers.newest();
        List<String> items = new ArrayList<>();
        long revision = -1;
        String next = "";
        try {
            do {
                Window.Page page = window.list(labels, limit, next);
                assertThat(page.revision()).isGreaterThanOrEqualTo(floor);
                assertThat(revision).as("the revision of all pages").isIn(-1L, page.revision());
                revision = page.revision();
                items.addAll(page.items());
                next = page.next();
            } while (!next.isEmpty());
        } catch (IOException e) {
            return Optional.empty();
        } catch (StatusException e) {
            expired(e);
            return Optional.empty();
        }
        showsState(items, revision, labels);
        return Optional.of(new Listed(revision, items));
    }

    private static boolean isEnd(String brief) {
        return brief.startsWith(END + "@");
    }

    private static void expired(StatusException e) {
        if (!e.is(Reason.EXPIRED)) {
            throw e;
        }
    }

    /** Gets the one object that is always there, and never sees it go back. */
    void get(Api api) {
        long newest = 0;
        for (int i = 0; i < MOST_LISTS; i++) {
            ObjectNode object = api.get(ApiContract.map(Writers.COUNTER));
            long revision = Long.parseLong(Meta.resourceVersion(object));
            assertThat(revision).isGreaterThanOrEqualTo(newest);
            newest = revision;
            checks.add(() -> assertThat(journal.writes().get(revision).object().map(Journal::mark))
                    .contains(Journal.mark(object)));
        }
    }

    /** Watches to the end: goes on where it was when it is cut off, begins anew when that is forgotten. */
    void watch(Window window, String labels, Random random) {
        Period period = begin(window, labels, random);
        for (int i = 0; !period.ended; i++) {
            assertThat(i).isLessThan(MOST_ATTEMPTS);
            if (period.from >= 0 && i > 0) {
                resumed.incrementAndGet();
            }
            period.open();
            try (Window.Events events = window.watch(labels, period.last)) {
                Optional<Window.Seen> seen = Optional.empty();
                do {
                    seen = events.next();
                    seen.ifPresent(period::take);
                } while (seen.isPresent() && !period.ended);
            } catch (IOException e) {
                // it is cut, and goes on
            } catch (StatusException e) {
                expired(e);
                period.close();
                period = begin(window, labels, random);
            }
        }
        period.close();
    }

    /** From a list, or from nothing. */
    private Period begin(Window window, String labels, Random random) {
        Period period = new Period(labels);
        if (random.nextBoolean()) {
            listed(window, labels, random.nextBoolean() ? 0 : PAGE)
                    .ifPresent(list -> period.begin(list.revision(), list.items()));
        }
        return period;
    }

    /** What one reader saw from one point of time on, over any number of watches. */
    private final class Period {
        private final String labels;
        private final List<String> present = new ArrayList<>();
        private final List<String> told = new ArrayList<>();
        private long from = -1;
        private long last = -1;
        private boolean ended;

        Period(String labels) {
            this.labels = labels;
        }

        void begin(long revision, List<String> items) {
            from = revision;
            last = revision;
            ended = items.stream().anyMatch(Followers::isEnd);
        }

        void take(Window.Seen seen) {
            if (from < 0) {
                initial(seen);
            } else if (seen.type().equals("BOOKMARK")) {
                assertThat(seen.revision()).isGreaterThanOrEqualTo(last);
                last = seen.revision();
            } else {
                assertThat(seen.revision()).isGreaterThan(last);
                told.add(seen.type() + " " + seen.brief());
                last = seen.revision();
                ended = isEnd(seen.brief());
            }
        }

        private void initial(Window.Seen seen) {
            if (seen.initialEnd()) {
                begin(seen.revision(), present);
                showsState(List.copyOf(present), seen.revision(), labels);
            } else {
                assertThat(seen.type()).isEqualTo("ADDED");
                present.add(seen.brief());
            }
        }

        /** Another watch begins: who does not know all that was there is told it anew. */
        void open() {
            present.clear();
        }

        void close() {
            long first = from;
            long end = last;
            if (first >= 0) {
                checks.add(() -> assertThat(told)
                        .as("what happened after %d up to %d", first, end)
                        .isEqualTo(journal.events(first, end, chosen(labels))));
            }
        }
    }
}
