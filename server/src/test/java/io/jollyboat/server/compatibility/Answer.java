package io.jollyboat.server.compatibility;

import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/** What the server answered, with short words for what must hold; each throws an AssertionError that names the request. */
record Answer(String request, int code, byte[] bytes, JsonNode body, HttpHeaders headers) {
    private static final int LONGEST = 500;

    static Answer of(String request, HttpResponse<byte[]> response) {
        return new Answer(request, response.statusCode(), response.body(), tree(response.body()), response.headers());
    }

    private static JsonNode tree(byte[] bytes) {
        try {
            return bytes.length == 0
                    ? MissingNode.getInstance()
                    : JsonMapper.shared().readTree(bytes);
        } catch (JacksonException e) {
            return MissingNode.getInstance();
        }
    }

    private AssertionError wrong(String what) {
        String text = body.isMissingNode() ? new String(bytes, StandardCharsets.UTF_8) : brief();
        return new AssertionError(request + ": " + what + "; answered " + code + " "
                + text.substring(0, Math.min(LONGEST, text.length())));
    }

    /** Without what nobody wants to read in a message. */
    private String brief() {
        JsonNode copy = body.deepCopy();
        if (copy.path("metadata") instanceof ObjectNode metadata) {
            metadata.remove("managedFields");
        }
        return copy.toString();
    }

    Answer is(int expected) {
        if (code != expected) {
            throw wrong("expected " + expected);
        }
        return this;
    }

    Answer isOneOf(int one, int other) {
        if (code != one && code != other) {
            throw wrong("expected " + one + " or " + other);
        }
        return this;
    }

    /** A Status of failure whose code and reason agree with the answer's. */
    Answer isRefusal(int expected, String reason) {
        is(expected);
        return has("/kind", "Status")
                .has("/status", "Failure")
                .has("/reason", reason)
                .has("/code", String.valueOf(expected));
    }

    Answer has(String pointer, String value) {
        if (!body.at(pointer).asString("").equals(value)) {
            throw wrong(pointer + " should be " + value);
        }
        return this;
    }

    Answer isSet(String pointer) {
        if (body.at(pointer).asString("").isEmpty()) {
            throw wrong(pointer + " should be set");
        }
        return this;
    }

    /** All that {@code part} says is said here too. */
    Answer holds(JsonNode part) {
        List<String> lost = new ArrayList<>();
        if (!part.isMissingNode()) {
            lost("", part, body, lost);
        }
        if (!lost.isEmpty()) {
            throw wrong("lost or changed " + String.join(", ", lost));
        }
        return this;
    }

    ObjectNode object() {
        if (body instanceof ObjectNode object) {
            return object;
        }
        throw wrong("expected an object");
    }

    String text(String pointer) {
        return body.at(pointer).asString("");
    }

    String header(String name) {
        return headers.firstValue(name).orElse("");
    }

    private static void lost(String path, JsonNode part, JsonNode whole, List<String> lost) {
        if (part.isObject() && whole.isObject()) {
            part.forEachEntry((name, value) -> lost(path + "." + name, value, whole.path(name), lost));
        } else if (part.isArray() && whole.isArray()) {
            for (int i = 0; i < part.size(); i++) {
                JsonNode element = part.get(i);
                if (whole.valueStream().noneMatch(candidate -> isHeld(element, candidate))) {
                    lost(path + "[" + i + "]", element, whole.path(i), lost);
                }
            }
        } else if (!io.jollyboat.api.Trees.equal(part, whole)) {
            lost.add(path.isEmpty() ? "everything" : path.substring(1));
        }
    }

    /** The server may add elements to a list, but takes none away. */
    private static boolean isHeld(JsonNode element, JsonNode candidate) {
        List<String> lost = new ArrayList<>();
        lost("", element, candidate, lost);
        return lost.isEmpty();
    }
}
