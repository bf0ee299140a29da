package io.jollyboat.server.http;

import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.DeleteOptions.Propagation;
import io.jollyboat.api.ListOptions;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Cause;
import io.jollyboat.api.WatchOptions;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.api.WriteOptions.FieldValidation;
import io.jollyboat.server.http.wire.Query;
import io.jollyboat.server.http.wire.Request;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/** Reads the options of the verbs from queries and from {@code DeleteOptions} bodies. */
final class Options {
    private static final int LONGEST_MANAGER = 128;
    private static final String MATCH = "resourceVersionMatch";
    private static final String NOT_OLDER = "NotOlderThan";

    private Options() {}

    static ListOptions list(Query query) {
        if (query.has("sendInitialEvents")) {
            throw forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list");
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
        if (query.has("sendInitialEvents") && match.isEmpty()) {
            throw forbidden(MATCH, "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
        }
        if (!query.has("sendInitialEvents") && !match.isEmpty()) {
            throw forbidden(MATCH, "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided");
        }
        if (!match.isEmpty() && !match.equals(NOT_OLDER)) {
            throw unsupported("ListOptions", MATCH, match, List.of(NOT_OLDER));
        }
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
     */
    static WriteOptions write(Request request, String kind, Consumer<String> warnings, Runnable created) {
        Query query = request.query();
        return new WriteOptions(
                manager(request, kind),
                validation(query.first("fieldValidation"), kind),
                dryRun(query.all("dryRun"), kind),
                query.flag("force"),
                warnings,
                created);
    }

    /** An apply must say who applies, and nothing else may be forced. */
    static void checkPatch(Query query, boolean applies) {
        if (applies && query.first("fieldManager").isEmpty()) {
            throw Statuses.invalidOptions(
                    "PatchOptions",
                    new Cause("FieldValueRequired", "Required value: is required for apply patch", "fieldManager"));
        }
        if (!applies && query.has("force")) {
            throw Statuses.invalidOptions(
                    "PatchOptions",
                    new Cause("FieldValueForbidden", "Forbidden: may not be specified for non-apply patch", "force"));
        }
    }

    private static String manager(Request request, String kind) {
        String given = request.query().first("fieldManager");
        if (given.length() > LONGEST_MANAGER) {
            throw Statuses.invalidOptions(
                    kind,
                    new Cause(
                            "FieldValueTooLong",
                            "Too long: may not be more than " + LONGEST_MANAGER + " bytes",
                            "fieldManager"));
        }
        if (!given.isEmpty()) {
            return given;
        }
        String agent = request.header("user-agent");
        int slash = agent.indexOf('/');
        String first = slash < 0 ? agent : agent.substring(0, slash);
        return first.length() > LONGEST_MANAGER ? first.substring(0, LONGEST_MANAGER) : first;
    }

    private static FieldValidation validation(String text, String kind) {
        return switch (text) {
            case "", "Warn" -> FieldValidation.WARN;
            case "Ignore" -> FieldValidation.IGNORE;
            case "Strict" -> FieldValidation.STRICT;
            default -> throw unsupported(kind, "fieldValidation", text, List.of("Ignore", "Strict", "Warn"));
        };
    }

    private static boolean dryRun(List<String> values, String kind) {
        for (String value : values) {
            if (!value.equals("All")) {
                throw unsupported(kind, "dryRun", value, List.of("All"));
            }
        }
        return !values.isEmpty();
    }

    static DeleteOptions delete(Query query) {
        return new DeleteOptions(
                number(query, "gracePeriodSeconds"),
                propagation(query.first("propagationPolicy"), query.value("orphanDependents")),
                "",
                "",
                dryRun(query.all("dryRun"), "DeleteOptions"));
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
                dryRun(
                        body.path("dryRun")
                                .valueStream()
                                .map(value -> value.asString(value.toString()))
                                .toList(),
                        "DeleteOptions"));
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
            return Optional.of(orphan.get().equals("true") ? Propagation.ORPHAN : Propagation.BACKGROUND);
        }
        return switch (policy) {
            case "" -> Optional.empty();
            case "Background", "Foreground", "Orphan" ->
                Optional.of(Propagation.valueOf(policy.toUpperCase(Locale.ROOT)));
            default ->
                throw unsupported(
                        "DeleteOptions", "propagationPolicy", policy, List.of("Foreground", "Background", "Orphan"));
        };
    }

    /** A whole number from the query; 400 when it is none. */
    static Optional<Long> number(Query query, String name) {
        try {
            return query.value(name).map(Long::valueOf);
        } catch (NumberFormatException e) {
            throw StatusException.badRequest("unable to decode query parameter \"%s\": \"%s\" is not a number"
                    .formatted(name, query.first(name)));
        }
    }

    private static StatusException forbidden(String field, String detail) {
        return Statuses.invalidOptions("ListOptions", new Cause("FieldValueForbidden", "Forbidden: " + detail, field));
    }

    private static StatusException unsupported(String kind, String field, String value, List<String> supported) {
        String known = "\"" + String.join("\", \"", supported) + "\"";
        return Statuses.invalidOptions(
                kind,
                new Cause(
                        "FieldValueNotSupported",
                        "Unsupported value: \"" + value + "\": supported values: " + known,
                        field));
    }
}
