package io.jollyboat.server.http;

import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.server.http.Accept.Form;
import io.jollyboat.server.http.wire.Request;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What a client takes: its {@code Accept} header, read once.
 *
 * @param entries the most wanted first
 */
record Accepts(List<Accept> entries) {
    private static final String ONLY = "only the following media types are accepted: ";
    private static final String OFFERED = "application/json, application/yaml, application/vnd.kubernetes.protobuf";
    private static final String STREAMED =
            "application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch";

    Accepts {
        entries = List.copyOf(entries);
    }

    static Accepts of(Request request) {
        return of(request.header("accept"));
    }

    /** An absent header accepts everything. */
    static Accepts of(String header) {
        List<Accept> entries = new ArrayList<>();
        for (String part : header.split(",")) {
            if (!part.isBlank()) {
                entries.add(Accept.of(part));
            }
        }
        if (entries.isEmpty()) {
            entries.add(Accept.ANYTHING);
        }
        entries.sort(Comparator.comparingDouble(Accept::quality).reversed());
        return new Accepts(entries);
    }

    /**
     * Whether the client takes protobuf and no JSON. Who takes both gets JSON, which is sent as it is stored: protobuf
     * would be made anew for each answer.
     */
    boolean onlyProtobuf() {
        return onlyProtobuf(entry -> true);
    }

    /** As above, for a failure, which has no other forms than the plain one. */
    boolean failuresInProtobuf() {
        return onlyProtobuf(entry -> entry.as().isEmpty());
    }

    private boolean onlyProtobuf(Predicate<Accept> counts) {
        List<Accept> taken =
                entries.stream().filter(Accept::isServed).filter(counts).toList();
        return !taken.isEmpty() && taken.stream().allMatch(Accept::isProtobuf);
    }

    /** Whether a failure, which has no other forms than the plain one, is best told in YAML. */
    boolean failuresInYaml() {
        return entries.stream()
                .filter(entry -> entry.isServed() && entry.as().isEmpty())
                .findFirst()
                .filter(Accept::isYaml)
                .isPresent();
    }

    /** 406: which words depends on whether the media types or their parameters are at fault. */
    private StatusException notAcceptable() {
        return entries.stream().anyMatch(Accept::isKnown)
                ? StatusException.of(Reason.NOT_ACCEPTABLE, ONLY + OFFERED)
                : Statuses.notAcceptable(OFFERED + ", " + STREAMED);
    }

    /** What the first entry that can be served wants. */
    private record Choice(Form form, boolean yaml) {}

    /**
     * The form of the first entry that can be served.
     *
     * @param tables whether what is answered has a table: a review of access, which is never stored, has none
     * @throws StatusException NotAcceptable when none can
     */
    Form form(boolean tables) {
        return choice(tables, true).orElseThrow(this::notAcceptable).form();
    }

    /** As above, for a watch, which has no YAML. */
    Form streamForm() {
        return choice(true, false)
                .orElseThrow(() -> choice(true, true).isPresent()
                        ? StatusException.of(Reason.NOT_ACCEPTABLE, ONLY + STREAMED)
                        : notAcceptable())
                .form();
    }

    /** Whether the first entry that can be served wants YAML. */
    boolean yaml(boolean tables) {
        return choice(tables, true).filter(Choice::yaml).isPresent();
    }

    private Optional<Choice> choice(boolean tables, boolean yaml) {
        return entries.stream()
                .filter(entry -> entry.isServed() && (yaml || !entry.isYaml()))
                .flatMap(entry -> entry.form(tables).map(form -> new Choice(form, entry.isYaml())).stream())
                .findFirst();
    }

    /** The first entry that can be served where it wants the aggregated discovery document, empty for the plain one. */
    Optional<Accept> aggregated() {
        for (Accept entry : entries) {
            if (entry.isServed() && entry.isAggregated()) {
                return Optional.of(entry);
            }
            if (entry.isServed() && entry.as().isEmpty()) {
                return Optional.empty();
            }
        }
        throw StatusException.of(Reason.NOT_ACCEPTABLE, ONLY + OFFERED);
    }

    /**
     * Whether a page that has no other forms may be sent as it is.
     *
     * @throws StatusException NotAcceptable
     */
    void demandPlain() {
        if (entries.stream().noneMatch(entry -> entry.isServed() && entry.as().isEmpty())) {
            throw StatusException.of(Reason.NOT_ACCEPTABLE, ONLY + OFFERED);
        }
    }

    /** As {@link #demand}, of what comes in each form. */
    void demandAny() {
        demand(OFFERED);
    }

    /**
     * Whether a page may be sent that comes in these forms alone; only the types' names count.
     *
     * @param types with commas between them
     * @throws StatusException NotAcceptable
     */
    void demand(String types) {
        Set<String> offered = Set.of(types.split(", "));
        if (entries.stream().noneMatch(entry -> entry.type().equals("*/*") || offered.contains(entry.type()))) {
            throw Statuses.notAcceptable(types);
        }
    }

    /** Whether some entry asks for indented JSON. */
    boolean pretty() {
        return entries.stream().anyMatch(Accept::isPretty);
    }
}
