package io.jollyboat.server;

import io.jollyboat.api.Meta;
import io.jollyboat.api.Resource;
import io.jollyboat.api.StatusException;
import java.util.Base64;
import java.util.List;
import tools.jackson.core.JacksonException;
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
        try {
            JsonNode json = JSON.readTree(Base64.getUrlDecoder().decode(token));
            String start = json.path("start").stringValue("");
            long revision = json.path("rv").longValue(0);
            if (!json.path("v").stringValue("").equals(VERSION) || start.isEmpty() || revision == 0) {
                throw invalid("incorrect encoded start resourceVersion or key");
            }
            if (start.startsWith("/") || start.contains("../")) {
                throw invalid("invalid encoded key");
            }
            return new Continue(revision, start.replace(END, LEAST));
        } catch (IllegalArgumentException | JacksonException e) {
            throw invalid(e.getMessage() == null ? "not a token" : e.getMessage());
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
        return StatusException.badRequest("continue key is not valid: " + why);
    }
}
