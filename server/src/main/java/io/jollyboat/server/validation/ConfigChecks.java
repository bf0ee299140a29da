package io.jollyboat.server.validation;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What must be true of ConfigMaps and Secrets. */
final class ConfigChecks {
    /** What one of them may hold. */
    private static final int SIZE_LIMIT_BYTES = 1024 * 1024;

    private static final String ACCOUNT = "kubernetes.io/service-account.name";
    private static final JsonMapper JSON = new JsonMapper();
    private static final Map<String, List<String>> NEEDED_KEYS = Map.of(
            "kubernetes.io/tls", List.of("tls.crt", "tls.key"),
            "kubernetes.io/ssh-auth", List.of("ssh-privatekey"),
            "kubernetes.io/dockercfg", List.of(".dockercfg"),
            "kubernetes.io/dockerconfigjson", List.of(".dockerconfigjson"));

    private ConfigChecks() {}

    static void configMap(Place map) {
        long size = 0;
        Place data = map.at("data");
        for (Map.Entry<String, JsonNode> entry : data.node().properties()) {
            Place place = data.key(entry.getKey());
            Values.configKey(place, entry.getKey());
            if (map.at("binaryData").node().has(entry.getKey())) {
                place.quoting(entry.getKey()).invalid("duplicate of key present in binaryData");
            }
            size += entry.getValue().asString("").getBytes(StandardCharsets.UTF_8).length;
        }
        Place binary = map.at("binaryData");
        for (Map.Entry<String, JsonNode> entry : binary.node().properties()) {
            Values.configKey(binary.key(entry.getKey()), entry.getKey());
            size += decoded(entry.getValue());
        }
        if (size > SIZE_LIMIT_BYTES) {
            // Kubernetes names no field here
            map.toldAs("[]").tooLong(SIZE_LIMIT_BYTES);
        }
    }

    static void secret(Place secret) {
        long size = 0;
        Place data = secret.at("data");
        for (Map.Entry<String, JsonNode> entry : data.node().properties()) {
            Values.configKey(data.key(entry.getKey()), entry.getKey());
            size += decoded(entry.getValue());
        }
        if (size > SIZE_LIMIT_BYTES) {
            data.tooLong(SIZE_LIMIT_BYTES);
        }
        String type = secret.text("type");
        for (String key : NEEDED_KEYS.getOrDefault(type, List.of())) {
            boolean empty = data.key(key).text().isEmpty() && key.equals("ssh-privatekey");
            if (!data.node().has(key) || empty) {
                data.key(key).required("");
            } else if (key.startsWith(".docker")) {
                noObject(data.node().path(key))
                        .ifPresent(wrong -> data.key(key).redacted().invalid(wrong));
            }
        }
        if (type.equals("kubernetes.io/basic-auth")
                && !data.node().has("username")
                && !data.node().has("password")) {
            data.key("username").required("");
            data.key("password").required("");
        }
        if (type.equals("kubernetes.io/service-account-token")
                && secret.in("metadata", "annotations").key(ACCOUNT).text().isEmpty()) {
            secret.in("metadata", "annotations").key(ACCOUNT).required("");
        }
    }

    /** How many bytes a base64 text stands for. */
    private static long decoded(JsonNode base64) {
        String text = base64.asString("");
        int padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
        return Math.max(0, text.length() / 4 * 3L - padding);
    }

    /** What Go says of a text that is no JSON object. */
    private static Optional<String> noObject(JsonNode base64) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(base64.asString(""));
        } catch (IllegalArgumentException e) {
            bytes = new byte[0];
        }
        String text = new String(bytes, StandardCharsets.UTF_8).strip();
        if (text.isEmpty()) {
            return Optional.of("unexpected end of JSON input");
        }
        if ("{[\"-0123456789tfn".indexOf(text.charAt(0)) < 0) {
            return Optional.of("invalid character '" + text.charAt(0) + "' looking for beginning of value");
        }
        try {
            JsonNode read = JSON.readTree(text);
            String what = read.isArray() ? "array" : read.isString() ? "string" : read.isNumber() ? "number" : "bool";
            return read.isObject() || read.isNull()
                    ? Optional.empty()
                    : Optional.of("json: cannot unmarshal " + what + " into Go value of type map[string]interface {}");
        } catch (JacksonException e) {
            return Optional.of("unexpected end of JSON input");
        }
    }
}
