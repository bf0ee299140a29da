package io.jollyboat.controllers;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A Pod template as text with sorted fields: small in memory, and equal templates have equal texts. The label
 * {@code pod-template-hash}, which Deployments put on the templates of their ReplicaSets, is kept apart.
 *
 * @param hash the value of that label, or ""
 */
record PodTemplate(String text, String hash) {
    static final String HASH_LABEL = "pod-template-hash";
    private static final String SAFE_LETTERS = "bcdfghjklmnpqrstvwxz2456789";
    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(JsonNodeFeature.WRITE_PROPERTIES_SORTED).build();

    /** The template at {@code spec.template}. */
    static PodTemplate of(ObjectNode object) {
        JsonNode present = object.path("spec").path("template");
        ObjectNode template = present instanceof ObjectNode node ? node.deepCopy() : MAPPER.createObjectNode();
        String hash = "";
        if (template.path("metadata") instanceof ObjectNode metadata) {
            if (metadata.path("creationTimestamp").isNull()) {
                metadata.remove("creationTimestamp");
            }
            if (metadata.path("labels") instanceof ObjectNode labels) {
                hash = labels.path(HASH_LABEL).stringValue("");
                labels.remove(HASH_LABEL);
            }
        }
        return new PodTemplate(MAPPER.writeValueAsString(template), hash);
    }

    /** The template as a tree of its own, with the hash label where there is a hash. */
    ObjectNode json() {
        ObjectNode template = (ObjectNode) MAPPER.readTree(text);
        if (!hash.isEmpty()) {
            ObjectNode metadata =
                    template.path("metadata") instanceof ObjectNode node ? node : template.putObject("metadata");
            ObjectNode labels =
                    metadata.path("labels") instanceof ObjectNode node ? node : metadata.putObject("labels");
            labels.put(HASH_LABEL, hash);
        }
        return template;
    }

    Map<String, String> labels() {
        Map<String, String> labels = new HashMap<>();
        json().path("metadata").path("labels").forEachEntry((key, value) -> labels.put(key, value.stringValue("")));
        return labels;
    }

    boolean sameButForHash(PodTemplate other) {
        return text.equals(other.text);
    }

    /**
     * A short name of the template: FNV-1a of its text, in letters that make no words.
     *
     * @param collisions how often a name was found taken by another template
     */
    PodTemplate withHash(int collisions) {
        int fnv = 0x811c9dc5;
        String all = collisions == 0 ? text : text + collisions;
        for (byte b : all.getBytes(StandardCharsets.UTF_8)) {
            fnv = (fnv ^ (b & 0xff)) * 0x01000193;
        }
        StringBuilder name = new StringBuilder();
        for (char digit : Integer.toUnsignedString(fnv).toCharArray()) {
            name.append(SAFE_LETTERS.charAt(digit % SAFE_LETTERS.length()));
        }
        return new PodTemplate(text, name.toString());
    }
}
