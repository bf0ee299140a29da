package io.jollyboat.images;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Manifests: which blobs an image is made of (OCI image specification 1.1, and Docker's schema 2, its elder twin). */
final class Manifests {
    static final String OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
    static final String OCI_CONFIGURATION = "application/vnd.oci.image.config.v1+json";
    static final String OCI_LAYER = "application/vnd.oci.image.layer.v1.tar";

    private static final JsonMapper JSON = new JsonMapper();

    private Manifests() {}

    /**
     * The digests that a manifest or an index names.
     *
     * @throws ImageException when the bytes are no manifest
     */
    static List<String> blobs(byte[] manifest) {
        JsonNode json = parse(manifest);
        List<String> digests = new ArrayList<>();
        if (json.has("config")) {
            digests.add(json.path("config").path("digest").asString(""));
        }
        for (JsonNode layer : json.path("layers")) {
            if (layer.path("urls").isEmpty()) {
                digests.add(layer.path("digest").asString(""));
            }
        }
        for (JsonNode child : json.path("manifests")) {
            digests.add(child.path("digest").asString(""));
        }
        return digests;
    }

    static JsonNode parse(byte[] json) {
        try {
            return JSON.readTree(json);
        } catch (JacksonException e) {
            throw new ImageException("this is no manifest of an image: " + e.getOriginalMessage(), e);
        }
    }

    /** One layer as a manifest lists it. */
    record Layer(String mediaType, String digest, long size) {}

    /** A manifest for a configuration and layers that are kept already. */
    static byte[] write(String configuration, long configurationSize, List<Layer> layers) {
        ObjectNode json = JSON.createObjectNode().put("schemaVersion", 2).put("mediaType", OCI_MANIFEST);
        json.putObject("config")
                .put("mediaType", OCI_CONFIGURATION)
                .put("digest", configuration)
                .put("size", configurationSize);
        ArrayNode list = json.putArray("layers");
        for (Layer layer : layers) {
            list.addObject()
                    .put("mediaType", layer.mediaType())
                    .put("digest", layer.digest())
                    .put("size", layer.size());
        }
        return JSON.writeValueAsBytes(json);
    }
}
