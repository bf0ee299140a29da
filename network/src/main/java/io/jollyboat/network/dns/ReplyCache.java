package io.jollyboat.network.dns;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What other servers answered, for as long as they said (RFC 2308 for what does not exist), but not longer than a
 * laptop stays in one network. Where nobody can be asked again it serves a while longer (RFC 8767).
 */
final class ReplyCache {
    private static final int MAX_ENTRIES = 10_000;
    private static final int MAX_SECONDS = 300;
    private static final int MAX_NEGATIVE_SECONDS = 30;

    /** Who cannot be reached now is not asked again for every search domain of every Pod. */
    private static final int FAILED_SECONDS = 1;

    /** So long after its time an answer may still serve, and what is given out of it then lives that short. */
    private static final int OUTLIVING_SECONDS = 3_600;

    private static final int OUTLIVING_TTL = 5;

    /** @param outliving the age in seconds up to which it serves though its time is over */
    private record Kept(Answer answer, long since, int seconds, int outliving) {
        int age(long nanoTime) {
            return (int) Duration.ofNanos(nanoTime - since).toSeconds();
        }
    }

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
            int age = entry.age(nanoTime);
            if (age < entry.seconds) {
                return Optional.of(aged(entry.answer, age));
            }
            return age < entry.outliving ? Optional.of(outlived(entry.answer)) : Optional.empty();
        }
    }

    /** Lets an answer whose time is over serve for some seconds more, for nobody could be asked for a newer one. */
    Optional<Answer> outlive(Question question, long nanoTime) {
        synchronized (entries) {
            Kept entry = entries.get(question);
            if (entry == null || entry.answer.failed() || entry.age(nanoTime) >= entry.seconds + OUTLIVING_SECONDS) {
                return Optional.empty();
            }
            entries.put(
                    question, new Kept(entry.answer, entry.since, entry.seconds, entry.age(nanoTime) + OUTLIVING_TTL));
            return Optional.of(outlived(entry.answer));
        }
    }

    /** Keeps an answer; one that says of itself that it lasts no time is kept for when nobody answers. */
    void put(Question question, Answer answer, long nanoTime) {
        int seconds = seconds(answer);
        if (seconds > 0 || !answer.failed()) {
            synchronized (entries) {
                entries.put(question, new Kept(answer, nanoTime, seconds, seconds));
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

    private static Answer outlived(Answer answer) {
        return new Answer(
                answer.code(),
                answer.authoritative(),
                lasting(answer.answers()),
                lasting(answer.authority()),
                lasting(answer.additional()));
    }

    private static List<ResourceRecord> lasting(List<ResourceRecord> records) {
        return records.stream()
                .map(record -> record.withTtl(Math.min(record.ttl(), OUTLIVING_TTL)))
                .toList();
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
