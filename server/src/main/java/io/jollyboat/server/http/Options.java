package io.jollyboat.server.http;

import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.DeleteOptions.Propagation;
import io.jollyboat.api.GoText;
import io.jollyboat.api.ListOptions;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Cause;
import io.jollyboat.api.WatchOptions;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.api.WriteOptions.FieldValidation;
import io.jollyboat.server.http.wire.Query;
import io.jollyboat.server.http.wire.Request;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/** Reads the options of the verbs from queries and from {@code DeleteOptions} bodies. */
final class Options {
    private static final int LONGEST_MANAGER = 128;
    private static final String MATCH = "resourceVersionMatch";
    private static final String NOT_OLDER = "NotOlderThan";
    private static final Pattern DURATION =
            Pattern.compile("[-+]?(0|(([0-9]+\\.?[0-9]*|\\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+)");
    private static final List<String> VALIDATIONS = List.of("", "Ignore", "Strict", "Warn");

    private Options() {}

    static ListOptions list(Query query) {
        if (query.has("sendInitialEvents")) {
            throw Statuses.invalidOptions(
                    "ListOptions", forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list"));
        }
        return new ListOptions(
                query.first("labelSelector"),
                query.first("fieldSelector"),
                query.first("resourceVersion"),
                query.first(MATCH),
                number(query, "limit").orElse(0L),
                query.first("continue"));
    }

    /**
     * @param name when the path names one object, "" else
     */
    static WatchOptions watch(Query query, String name) {
        boolean initial = query.flag("sendInitialEvents");
        String match = query.first(MATCH);
        List<Cause> wrong = new ArrayList<>();
        if (query.has("sendInitialEvents") && !match.equals(NOT_OLDER)) {
            wrong.add(forbidden(MATCH, "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"));
        }
        if (!query.has("sendInitialEvents") && !match.isEmpty()) {
            wrong.add(forbidden(
                    MATCH, "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided"));
        }
        if (!match.isEmpty() && !match.equals(NOT_OLDER)) {
            wrong.add(unsupported(MATCH, GoText.quoted(match), List.of(NOT_OLDER)));
        }
        if (!match.isEmpty() && !query.first("continue").isEmpty()) {
            wrong.add(forbidden(MATCH, "resourceVersionMatch is forbidden when continue is provided"));
        }
        Statuses.refuse("ListOptions", wrong);
        return new WatchOptions(
                query.first("labelSelector"),
                fields(query.first("fieldSelector"), name),
                query.first("resourceVersion"),
                query.flag("allowWatchBookmarks"),
                initial);
    }

    private static String fields(String selector, String name) {
        if (name.isEmpty()) {
            return selector;
        }
        String byName = "metadata.name=" + name;
        if (!selector.isEmpty() && !selector.equals(byName)) {
            throw StatusException.badRequest("both a name and a field selector were given");
        }
        return byName;
    }

    /**
     * @param kind of the options, such as {@code CreateOptions}
     * @param warnings is told each warning for the client
     * @param created is told when an object was made
     * @param wrong what is known to be wrong with the options
     */
    static WriteOptions write(
            Request request, String kind, Consumer<String> warnings, Runnable created, List<Cause> wrong) {
        Query query = request.query();
        List<Cause> all = new ArrayList<>(wrong);
        wrongManager(query.first("fieldManager"), all);
        wrongDryRun(query.all("dryRun"), all);
        wrongValidation(query.first("fieldValidation"), all);
        Statuses.refuse(kind, all);
        return new WriteOptions(
                manager(request),
                validation(query.first("fieldValidation")),
                query.has("dryRun"),
                query.flag("force"),
                warnings,
                created,
                List.of());
    }

    /** An apply must say who applies, and nothing else may be forced. */
    static List<Cause> wrongPatch(Query query, boolean applies) {
        if (applies && query.first("fieldManager").isEmpty()) {
            return List.of(
                    new Cause("FieldValueRequired", "Required value: is required for apply patch", "fieldManager"));
        }
        return applies || !query.has("force")
                ? List.of()
                : List.of(new Cause(
                        "FieldValueForbidden", "Forbidden: may not be specified for non-apply patch", "force"));
    }

    private static void wrongManager(String given, List<Cause> wrong) {
        if (given.getBytes(StandardCharsets.UTF_8).length > LONGEST_MANAGER) {
            String message = "Too long: may not be more than " + LONGEST_MANAGER + " bytes";
            wrong.add(new Cause("FieldValueTooLong", message, "fieldManager"));
        }
        OptionalInt unprintable = IntStream.range(0, given.length())
                .filter(i -> Character.isISOControl(given.charAt(i)))
                .findFirst();
        unprintable.ifPresent(i -> {
            String message = "Invalid value: %s: invalid character U+%04X (at position %d)"
                    .formatted(GoText.quoted(given), (int) given.charAt(i), i);
            wrong.add(new Cause("FieldValueInvalid", message, "fieldManager"));
        });
    }

    private static void wrongDryRun(List<String> values, List<Cause> wrong) {
        if (!values.stream().allMatch("All"::equals)) {
            String all = values.stream().map(GoText::quoted).collect(Collectors.joining(","));
            wrong.add(unsupported("dryRun", "[" + all + "]", List.of("All")));
        }
    }

    private static void wrongValidation(String text, List<Cause> wrong) {
        if (!VALIDATIONS.contains(text)) {
            wrong.add(unsupported("fieldValidation", GoText.quoted(text), VALIDATIONS));
        }
    }

    private static String manager(Request request) {
        String given = request.query().first("fieldManager");
        if (!given.isEmpty()) {
            return given;
        }
        String agent = request.header("user-agent");
        int slash = agent.indexOf('/');
        String first = slash < 0 ? agent : agent.substring(0, slash);
        return first.length() > LONGEST_MANAGER ? first.substring(0, LONGEST_MANAGER) : first;
    }

    private static FieldValidation validation(String text) {
        return text.isEmpty() ? FieldValidation.WARN : FieldValidation.valueOf(text.toUpperCase(Locale.ROOT));
    }

    private static boolean dryRun(List<String> values) {
        List<Cause> wrong = new ArrayList<>();
        wrongDryRun(values, wrong);
        Statuses.refuse("DeleteOptions", wrong);
        return !values.isEmpty();
    }

    static DeleteOptions delete(Query query) {
        return new DeleteOptions(
                number(query, "gracePeriodSeconds"),
                propagation(query.first("propagationPolicy"), query.value("orphanDependents")),
                query.first("uid"),
                query.first("resourceVersion"),
                dryRun(query.all("dryRun")));
    }

    static DeleteOptions delete(JsonNode body) {
        JsonNode grace = body.path("gracePeriodSeconds");
        JsonNode conditions = body.path("preconditions");
        return new DeleteOptions(
                grace.isIntegralNumber() ? Optional.of(grace.longValue()) : Optional.empty(),
                propagation(
                        body.path("propagationPolicy").asString(""),
                        Optional.of(body.path("orphanDependents"))
                                .filter(JsonNode::isBoolean)
                                .map(JsonNode::asString)),
                conditions.path("uid").asString(""),
                conditions.path("resourceVersion").asString(""),
                dryRun(body.path("dryRun")
                        .valueStream()
                        .map(value -> value.asString(value.toString()))
                        .toList()));
    }

    private static Optional<Propagation> propagation(String policy, Optional<String> orphan) {
        if (!policy.isEmpty() && orphan.isPresent()) {
            throw Statuses.invalidOptions(
                    "DeleteOptions",
                    new Cause(
                            "FieldValueInvalid",
                            "Invalid value: \"" + policy
                                    + "\": orphanDependents and deletionPropagation cannot be both set",
                            "propagationPolicy"));
        }
        if (orphan.isPresent()) {
            boolean released =
                    !orphan.get().equalsIgnoreCase("false") && !orphan.get().equals("0");
            return Optional.of(released ? Propagation.ORPHAN : Propagation.BACKGROUND);
        }
        return switch (policy) {
            case "" -> Optional.empty();
            case "Background", "Foreground", "Orphan" ->
                Optional.of(Propagation.valueOf(policy.toUpperCase(Locale.ROOT)));
            default ->
                throw Statuses.invalidOptions(
                        "DeleteOptions",
                        unsupported(
                                "propagationPolicy",
                                GoText.quoted(policy),
                                List.of("Foreground", "Background", "Orphan", "nil")));
        };
    }

    /** Wants every request's {@code timeout} to be a duration. @throws StatusException BadRequest */
    static void checkTimeout(Query query) {
        String text = query.first("timeout");
        if (!text.isEmpty() && !DURATION.matcher(text).matches()) {
            String why = text.matches("[-+]?[0-9.]+") ? "missing unit in" : "invalid";
            throw StatusException.badRequest("invalid timeout specified in the request URL - time: %s duration %s"
                    .formatted(why, GoText.quoted(text)));
        }
    }

    /** A whole number from the query; 400 when it is none. */
    static Optional<Long> number(Query query, String name) {
        try {
            return query.value(name).map(Long::valueOf);
        } catch (NumberFormatException e) {
            String text = query.first(name);
            throw StatusException.badRequest("strconv.ParseInt: parsing " + GoText.quoted(text) + ": "
                    + (text.matches("[-+]?[0-9]+") ? "value out of range" : "invalid syntax"));
        }
    }

    private static Cause forbidden(String field, String detail) {
        return new Cause("FieldValueForbidden", "Forbidden: " + detail, field);
    }

    /** @param value as it is shown */
    private static Cause unsupported(String field, String value, List<String> supported) {
        String known = "\"" + String.join("\", \"", supported) + "\"";
        return new Cause(
                "FieldValueNotSupported", "Unsupported value: " + value + ": supported values: " + known, field);
    }
}
