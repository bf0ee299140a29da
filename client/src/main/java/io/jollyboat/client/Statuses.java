package io.jollyboat.client;

import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Cause;
import io.jollyboat.api.StatusException.Failure;
import io.jollyboat.api.StatusException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the server's {@code Status} back into the exception that it was. */
final class Statuses {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int SHOWN = 200;

    private Statuses() {}

    /** The failure that an answer tells; without a {@code Status} in its body it is judged by the code alone. */
    static StatusException failure(int code, byte[] body) {
        try {
            JsonNode json = JSON.readTree(body);
            if (json.path("kind").asString("").equals("Status")) {
                return failure(json);
            }
        } catch (JacksonException e) {
            // No JSON: the text below says what came instead.
        }
        String text = new String(body, 0, Math.min(SHOWN, body.length), StandardCharsets.UTF_8);
        return StatusException.of(reason(code), "the server answered " + code + ": " + text);
    }

    static StatusException failure(JsonNode status) {
        JsonNode details = status.path("details");
        List<Cause> causes = new ArrayList<>();
        for (JsonNode cause : details.path("causes")) {
            causes.add(new Cause(
                    cause.path("reason").asString(""),
                    cause.path("message").asString(""),
                    cause.path("field").asString("")));
        }
        String named = status.path("reason").asString("");
        int code = status.path("code").asInt(500);
        Reason reason = Arrays.stream(Reason.values())
                .filter(r -> r.text().equals(named) && (!named.isEmpty() || r.code() == code))
                .findFirst()
                .orElseGet(() -> reason(code));
        Failure failure = new Failure(
                reason,
                status.path("message").asString(""),
                details.path("name").asString(""),
                details.path("group").asString(""),
                details.path("kind").asString(""),
                details.path("uid").asString(""),
                causes,
                details.path("retryAfterSeconds").asInt(0));
        return new StatusException(
                failure, status.path("metadata").path("continue").asString(""));
    }

    /**
     * The text of a warning header: {@code 299 - "text"}, with backslashes before quotes and backslashes.
     *
     * @param received with a character for each byte of its UTF-8
     */
    static String warning(String received) {
        String header = new String(received.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        int open = header.indexOf('"');
        int close = header.lastIndexOf('"');
        return open < 0 || close <= open
                ? header
                : header.substring(open + 1, close).replaceAll("\\\\(.)", "$1");
    }

    private static Reason reason(int code) {
        return Arrays.stream(Reason.values())
                .filter(r -> r.code() == code)
                .findFirst()
                .orElse(code >= 500 ? Reason.INTERNAL_ERROR : Reason.BAD_REQUEST);
    }
}
