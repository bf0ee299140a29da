package io.jollyboat.network.dns;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What other servers answered, for as long as they said (RFC 2308 for what does not exist), but not longer than a
 * laptop stays in one network.
 */
final class ReplyCache {
    private static final int MAX_ENTRIES = 10_000;
    private static final int MAX_SECONDS = 300;
    private static final int MAX_NEGATIVE_SECONDS = 30;

    /** Who cannot be reached now is not asked again for every search domain of every Pod. */
    private static final int FAILED_SECONDS = 1;

    private record Kept(Answer answer, long since, int seconds) {}

    /** Guarded by itself; the longest unused goes first. */
    private final Map<Question, Kept> entries = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Question, Kept> eldest) {
            return size() > MAX_ENTRIES;
        }
    };

    /** The answer with what is left of its time to live. */
    Optional<Answer> get(Question question, long nanoTime) {
        synchronized (entries) {
            Kept entry = entries.get(question);
            if (entry == null) {
                return Optional.empty();
            }
            long age = Duration.ofNanos(nanoTime - entry.since).toSeconds();
            if (age >= entry.seconds) {
                entries.remove(question);
                return Optional.empty();
            }
            return Optional.of(aged(entry.answer, (int) age));
        }
    }

    void put(Question question, Answer answer, long nanoTime) {
        int seconds = seconds(answer);
        if (seconds > 0) {
            synchronized (entries) {
                entries.put(question, new Kept(answer, nanoTime, seconds));
            }
        }
    }

    private static int seconds(Answer answer) {
        if (answer.failed()) {
            return FAILED_SECONDS;
        }
        int shortest =
                answer.answers().stream().mapToInt(ResourceRecord::ttl).min().orElse(MAX_SECONDS);
        int negative = answer.authority().stream()
                .filter(record -> record.type() == RecordType.SOA)
                .mapToInt(ResourceRecord::negativeTtl)
                .min()
                .orElse(shortest == MAX_SECONDS && answer.answers().isEmpty() ? 0 : MAX_SECONDS);
        boolean positive =
                answer.code() == ResponseCode.NOERROR && !answer.answers().isEmpty();
        return positive
                ? Math.min(shortest, MAX_SECONDS)
                : Math.min(Math.min(shortest, negative), MAX_NEGATIVE_SECONDS);
    }

    private static Answer aged(Answer answer, int seconds) {
        return seconds == 0
                ? answer
                : new Answer(
                        answer.code(),
                        answer.authoritative(),
                        aged(answer.answers(), seconds),
                        aged(answer.authority(), seconds),
                        aged(answer.additional(), seconds));
    }

    private static List<ResourceRecord> aged(List<ResourceRecord> records, int seconds) {
        return records.stream()
                .map(record -> record.withTtl(Math.max(0, record.ttl() - seconds)))
                .toList();
    }
}
