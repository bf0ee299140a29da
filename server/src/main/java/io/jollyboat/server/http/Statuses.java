package io.jollyboat.server.http;

import io.jollyboat.api.Resource;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Cause;
import io.jollyboat.api.StatusException.Failure;
import io.jollyboat.api.StatusException.Reason;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Failures as {@code Status} documents: the one place where they are written. */
final class Statuses {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** These have details even when they say nothing. */
    private static final Set<Reason> BLANK = EnumSet.of(Reason.METHOD_NOT_ALLOWED, Reason.NOT_FOUND, Reason.FORBIDDEN);

    private Statuses() {}

    static ObjectNode of(StatusException problem) {
        Failure failure = problem.failure();
        ObjectNode status = NODES.objectNode();
        status.put("kind", "Status").put("apiVersion", "v1");
        putUnlessEmpty(status.putObject("metadata"), "continue", problem.next());
        status.put("status", "Failure").put("message", failure.message());
        putUnlessEmpty(status, "reason", failure.reason().text());
        ObjectNode details = details(failure);
        boolean routed = failure.message().startsWith(failure.reason().code() + ": ");
        if (!details.isEmpty() || routed || BLANK.contains(failure.reason())) {
            status.set("details", details);
        }
        return status.put("code", failure.reason().code());
    }

    private static ObjectNode details(Failure failure) {
        ObjectNode details = NODES.objectNode();
        putUnlessEmpty(details, "name", failure.name());
        putUnlessEmpty(details, "group", failure.group());
        putUnlessEmpty(details, "kind", failure.kind());
        putUnlessEmpty(details, "uid", failure.uid());
        if (!failure.causes().isEmpty()) {
            var causes = details.putArray("causes");
            for (Cause cause : failure.causes()) {
                ObjectNode one = causes.addObject();
                putUnlessEmpty(one, "reason", cause.reason());
                putUnlessEmpty(one, "message", cause.message());
                putUnlessEmpty(one, "field", cause.field());
            }
        }
        if (failure.retryAfterSeconds() > 0) {
            details.put("retryAfterSeconds", failure.retryAfterSeconds());
        }
        return details;
    }

    private static void putUnlessEmpty(ObjectNode node, String field, String value) {
        if (!value.isEmpty()) {
            node.put(field, value);
        }
    }

    static StatusException noSuchPath() {
        return StatusException.of(Reason.NOT_FOUND, "the server could not find the requested resource");
    }

    static StatusException methodNotAllowed() {
        return StatusException.of(
                Reason.METHOD_NOT_ALLOWED, "the server does not allow this method on the requested resource");
    }

    /** 406, where a path is answered in other forms than the client takes. */
    static StatusException notAcceptable(String available) {
        return StatusException.of(
                Reason.NOT_ACCEPTABLE, "406: Not Acceptable\n\nAvailable representations: " + available);
    }

    static StatusException unauthorized() {
        return StatusException.of(Reason.UNAUTHORIZED, "Unauthorized");
    }

    static StatusException tooLarge(int limit) {
        return StatusException.of(Reason.REQUEST_ENTITY_TOO_LARGE, "Request entity too large: limit is " + limit);
    }

    static StatusException internal(Throwable cause) {
        return StatusException.of(Reason.INTERNAL_ERROR, "Internal error occurred: " + cause.getMessage());
    }

    /** Options in a query that cannot be: kind is {@code ListOptions} or the like. */
    static StatusException invalidOptions(String kind, Cause cause) {
        return StatusException.invalid(options(kind), "", List.of(cause));
    }

    /** @throws StatusException 422 when something is wrong with options */
    static void refuse(String kind, List<Cause> wrong) {
        if (!wrong.isEmpty()) {
            throw StatusException.invalid(options(kind), "", wrong);
        }
    }

    private static Resource options(String kind) {
        return Resource.unserved("meta.k8s.io", "v1", kind);
    }
}
