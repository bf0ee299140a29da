package io.jollyboat.server.http;

import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Reads JSON and nothing else. */
final class JsonBodies implements Bodies {
    static final String UNKNOWN_FORMAT =
            "the body of the request was in an unknown format - accepted media types include: "
                    + "application/json, application/yaml, application/vnd.kubernetes.protobuf";

    @Override
    public Decoded read(String mediaType, byte[] body) {
        if (!mediaType.isEmpty() && !mediaType.equals("application/json") && !mediaType.equals("application/yaml")) {
            throw StatusException.of(Reason.UNSUPPORTED_MEDIA_TYPE, UNKNOWN_FORMAT);
        }
        try {
            JsonNode tree = Json.MAPPER.readTree(body);
            return new Decoded(tree, List.of());
        } catch (JacksonException e) {
            throw StatusException.badRequest("the body cannot be read as JSON: " + e.getOriginalMessage());
        }
    }
}
