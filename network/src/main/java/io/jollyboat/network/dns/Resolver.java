package io.jollyboat.network.dns;

import io.jollyboat.network.dns.Zone.Found;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Answers every question: the cluster's names from the zone, all others from outside, and CNAME records followed
 * across that border in both directions (RFC 1034 section 4.3.2).
 */
final class Resolver {
    /** A longer chain of CNAME records is cut; one that comes back to itself ends there. */
    private static final int MAX_STEPS = 8;

    private final Zone zone;
    private final Forwarder forwarder;

    Resolver(Zone zone, Forwarder forwarder) {
        this.zone = zone;
        this.forwarder = forwarder;
    }

    /** The answer, if nobody needs to be asked for it. */
    Optional<Found> now(Question question) {
        return follow(question, forwarder::known);
    }

    /** The answer, waiting for others where it must. */
    Answer ask(Question question) {
        return follow(question, other -> Optional.of(forwarder.ask(other)))
                .map(Found::answer)
                .orElseGet(() -> Answer.bare(ResponseCode.SERVFAIL));
    }

    private Optional<Found> follow(Question question, Function<Question, Optional<Answer>> outside) {
        List<ResourceRecord> chain = new ArrayList<>();
        Set<Name> seen = new HashSet<>();
        Name name = question.name();
        Optional<Found> own = Optional.empty();
        Answer part = Answer.bare(ResponseCode.SERVFAIL);
        while (seen.size() < MAX_STEPS && seen.add(name)) {
            Question step = new Question(name, question.type());
            own = zone.find(step);
            Optional<Answer> next = own.isPresent() ? own.map(Found::answer) : outside.apply(step);
            if (next.isEmpty()) {
                return Optional.empty();
            }
            part = next.get();
            chain.addAll(part.answers());
            Name end = end(name, part);
            boolean done = end.equals(name) || question.type() == RecordType.CNAME || own.isEmpty() && !zone.holds(end);
            if (done) {
                break;
            }
            name = end;
        }
        boolean first = seen.size() == 1;
        return Optional.of(first ? whole(part, own) : joined(chain, part));
    }

    private static Found whole(Answer answer, Optional<Found> own) {
        return own.orElseGet(() -> new Found(answer, Optional.empty()));
    }

    /** The name that a CNAME chain in the answer leads to: that itself where there is none. */
    private static Name end(Name start, Answer answer) {
        Name name = start;
        for (int i = 0; i < answer.answers().size(); i++) {
            Name from = name;
            Optional<Name> target = answer.answers().stream()
                    .filter(record ->
                            record.type() == RecordType.CNAME && record.owner().equals(from))
                    .map(ResourceRecord::target)
                    .findFirst();
            if (target.isEmpty()) {
                return name;
            }
            name = target.get();
        }
        return name;
    }

    /** The whole chain; where nobody could tell of its end the CNAME alone is the answer. */
    private static Found joined(List<ResourceRecord> chain, Answer last) {
        boolean told = !last.answers().isEmpty() || !last.authority().isEmpty();
        int code = told && !last.failed() ? last.code() : ResponseCode.NOERROR;
        List<ResourceRecord> records = chain.stream().distinct().toList();
        return new Found(new Answer(code, true, records, last.authority(), last.additional()), Optional.empty());
    }
}
