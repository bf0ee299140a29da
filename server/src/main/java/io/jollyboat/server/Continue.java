package io.jollyboat.server;

import io.jollyboat.api.Meta;
import io.jollyboat.api.Resource;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.codec.Format;
import java.util.Base64;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Where a list goes on: what a {@code continue} token says.
 *
 * @param revision of the state that all pages show; -1 for the newest, 0 for a list that begins
 * @param start where to begin, relative to the kind's prefix
 */
record Continue(long revision, String start) {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String VERSION = "meta.k8s.io/v1";
    /** Ends a key in a token, as in Kubernetes; the store is asked with the least character that keys can hold. */
    private static final char END = '\0';

    private static final char LEAST = ' ';

    /** Behind the object at {@code last}. */
    static Continue after(long revision, String last) {
        return new Continue(revision, last + LEAST);
    }

    /** Where an object stands, relative to its kind's prefix. */
    static String place(Resource resource, ObjectNode object) {
        Resource stored = Conversions.stored(resource);
        return Keys.of(stored, Meta.namespace(object), Meta.name(object))
                .substring(Keys.prefix(stored, "").length());
    }

    static Continue parse(String token) {
        JsonNode json = decoded(token);
        String version = json.path("v").asString("");
        if (!version.equals(VERSION)) {
            throw invalid(": server does not recognize this encoded version " + version);
        }
        long revision = json.path("rv").longValue(0);
        if (revision == 0) {
            throw invalid(": incorrect encoded start resourceVersion (version meta.k8s.io/v1)");
        }
        String start = json.path("start").asString("");
        if (start.isEmpty()) {
            throw invalid(": encoded start key empty (version meta.k8s.io/v1)");
        }
        if (start.startsWith("/") || start.contains("../")) {
            throw invalid(": " + start);
        }
        return new Continue(revision, start.replace(END, LEAST));
    }

    private static JsonNode decoded(String token) {
        byte[] json;
        try {
            json = Base64.getUrlDecoder().decode(token);
        } catch (IllegalArgumentException e) {
            throw invalid(": illegal base64 data at input byte 0");
        }
        try {
            return Format.JSON.decodeOptions(json);
        } catch (StatusException e) {
            throw invalid(e.failure().message().replaceFirst("^couldn't get version/kind; json parse error", ""));
        }
    }

    /** The token for the client. */
    String text() {
        byte[] json = JSON.writeValueAsBytes(JSON.createObjectNode()
                .put("v", VERSION)
                .put("rv", revision)
                .put("start", start.substring(0, start.length() - 1) + END));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json);
    }

    /** The refusal of a token whose state was forgotten; it carries one that goes on with the newest state. */
    StatusException expired() {
        String message = "The provided continue parameter is too old to display a consistent list result. You can start"
                + " a new list without the continue parameter, or use the continue token in this response to retrieve"
                + " the remainder of the results. Continuing with the provided token results in an inconsistent list -"
                + " objects that were created, modified, or deleted between the time the first chunk was returned and"
                + " now may show up in the list.";
        var failure =
                new StatusException.Failure(StatusException.Reason.EXPIRED, message, "", "", "", "", List.of(), 0);
        return new StatusException(failure, new Continue(-1, start).text());
    }

    private static StatusException invalid(String why) {
        return StatusException.badRequest("invalid continue token: continue key is not valid" + why);
    }
}
