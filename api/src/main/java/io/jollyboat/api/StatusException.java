package io.jollyboat.api;

import java.util.List;

/** An expected failure of a request, in Kubernetes' own terms; becomes a {@code Status} in one place. */
public final class StatusException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Failure failure;
    private final String next;

    public StatusException(Failure failure) {
        this(failure, "");
    }

    /** @param next the token with which an expired list may go on, {@code metadata.continue} of the Status */
    public StatusException(Failure failure, String next) {
        super(failure.message());
        this.failure = failure;
        this.next = next;
    }

    /** The token with which an expired list may go on; "" for none. */
    public String next() {
        return next;
    }

    public Failure failure() {
        return failure;
    }

    public boolean is(Reason reason) {
        return failure.reason() == reason;
    }

    /**
     * What a {@code Status} of failure says.
     *
     * @param name of the object, "" when there is none; likewise the other details
     * @param kind the plural resource, but for {@link Reason#INVALID} the kind (so does Kubernetes)
     * @param retryAfterSeconds 0 for none
     */
    public record Failure(
            Reason reason,
            String message,
            String name,
            String group,
            String kind,
            String uid,
            List<Cause> causes,
            int retryAfterSeconds) {
        public Failure {
            causes = List.copyOf(causes);
        }
    }

    /** One of several things wrong; {@code field} is a path such as {@code spec.ports[0].port}. */
    public record Cause(String reason, String message, String field) {}

    /** Kubernetes' reasons, each with its HTTP code. */
    public enum Reason {
        BAD_REQUEST("BadRequest", 400),
        UNAUTHORIZED("Unauthorized", 401),
        FORBIDDEN("Forbidden", 403),
        NOT_FOUND("NotFound", 404),
        METHOD_NOT_ALLOWED("MethodNotAllowed", 405),
        NOT_ACCEPTABLE("NotAcceptable", 406),
        ALREADY_EXISTS("AlreadyExists", 409),
        CONFLICT("Conflict", 409),
        GONE("Gone", 410),
        EXPIRED("Expired", 410),
        REQUEST_ENTITY_TOO_LARGE("RequestEntityTooLarge", 413),
        UNSUPPORTED_MEDIA_TYPE("UnsupportedMediaType", 415),
        INVALID("Invalid", 422),
        TOO_MANY_REQUESTS("TooManyRequests", 429),
        INTERNAL_ERROR("InternalError", 500),
        /** Of what the server did not expect to fail; it has no text. */
        UNKNOWN("", 500),
        SERVER_TIMEOUT("ServerTimeout", 500),
        SERVICE_UNAVAILABLE("ServiceUnavailable", 503),
        TIMEOUT("Timeout", 504);

        private final String text;
        private final int code;

        Reason(String text, int code) {
            this.text = text;
            this.code = code;
        }

        public String text() {
            return text;
        }

        public int code() {
            return code;
        }
    }

    public static StatusException of(Reason reason, String message) {
        return new StatusException(new Failure(reason, message, "", "", "", "", List.of(), 0));
    }

    public static StatusException badRequest(String message) {
        return of(Reason.BAD_REQUEST, message);
    }

    public static StatusException notFound(Target target) {
        return about(target, Reason.NOT_FOUND, "%s \"%s\" not found".formatted(target.resource(), target.name()));
    }

    public static StatusException alreadyExists(Target target) {
        return about(
                target, Reason.ALREADY_EXISTS, "%s \"%s\" already exists".formatted(target.resource(), target.name()));
    }

    /** {@code detail} says what stands against it, in Kubernetes' words. */
    public static StatusException conflict(Target target, String detail) {
        return about(
                target,
                Reason.CONFLICT,
                "Operation cannot be fulfilled on %s \"%s\": %s".formatted(target.resource(), target.name(), detail));
    }

    public static StatusException forbidden(Target target, String detail) {
        String name = target.name().isEmpty() ? "" : " \"" + target.name() + "\"";
        return about(target, Reason.FORBIDDEN, "%s%s is forbidden: %s".formatted(target.resource(), name, detail));
    }

    /** One failure of validation for each cause, as Kubernetes words them together. */
    public static StatusException invalid(Resource resource, String name, List<Cause> causes) {
        List<String> texts = causes.stream()
                .map(c -> c.field().isEmpty() ? c.message() : c.field() + ": " + c.message())
                .distinct()
                .toList();
        String all = texts.size() == 1 ? texts.getFirst() : "[" + String.join(", ", texts) + "]";
        String kind = resource.kind() + (resource.group().isEmpty() ? "" : "." + resource.group());
        return new StatusException(new Failure(
                Reason.INVALID,
                "%s \"%s\" is invalid: %s".formatted(kind, name, all),
                name,
                resource.group(),
                resource.kind(),
                "",
                causes,
                0));
    }

    private static StatusException about(Target target, Reason reason, String message) {
        Resource resource = target.resource();
        return new StatusException(
                new Failure(reason, message, target.name(), resource.group(), resource.plural(), "", List.of(), 0));
    }
}
