package io.jollyboat.node;

import io.jollyboat.node.Pod.Container;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The environment of a container: Services, then {@code envFrom}, then {@code env}; later ones win. */
final class Environment {
    private final Pod pod;
    private final Lookup lookup;
    private final DownwardApi downward;

    Environment(Pod pod, Lookup lookup, DownwardApi downward) {
        this.pod = pod;
        this.lookup = lookup;
        this.downward = downward;
    }

    /**
     * The variables of a container.
     *
     * @throws ConfigException when something that it refers to is missing
     */
    Map<String, String> of(Container container, Map<String, String> services) {
        Map<String, String> variables = new LinkedHashMap<>(services);
        for (JsonNode source : container.spec().path("envFrom")) {
            String prefix = source.path("prefix").stringValue("");
            entries(source).forEach((key, value) -> variables.put(prefix + key, text(value)));
        }
        for (JsonNode variable : container.spec().path("env")) {
            String name = variable.path("name").stringValue("");
            if (variable.has("valueFrom")) {
                value(variable.path("valueFrom"), container).ifPresent(value -> variables.put(name, value));
            } else {
                variables.put(name, Expansion.expand(variable.path("value").stringValue(""), variables));
            }
        }
        return variables;
    }

    private Map<String, byte[]> entries(JsonNode source) {
        boolean secret = source.has("secretRef");
        JsonNode reference = source.path(secret ? "secretRef" : "configMapRef");
        return find(secret, reference).orElse(Map.of());
    }

    /** The entries of what a reference names, empty where it is missing and optional. */
    private Optional<Map<String, byte[]>> find(boolean secret, JsonNode reference) {
        String name = reference.path("name").stringValue("");
        Optional<Map<String, byte[]>> found =
                secret ? lookup.secret(pod.namespace(), name) : lookup.configMap(pod.namespace(), name);
        if (found.isEmpty() && !reference.path("optional").booleanValue(false)) {
            throw ConfigException.config("%s \"%s\" not found".formatted(secret ? "secret" : "configmap", name));
        }
        return found;
    }

    private Optional<String> value(JsonNode from, Container container) {
        if (from.has("fieldRef")) {
            return Optional.of(
                    downward.field(from.path("fieldRef").path("fieldPath").stringValue("")));
        }
        if (from.has("resourceFieldRef")) {
            return Optional.of(downward.resource(from.path("resourceFieldRef"), container.name()));
        }
        boolean secret = from.has("secretKeyRef");
        JsonNode reference = from.path(secret ? "secretKeyRef" : "configMapKeyRef");
        String key = reference.path("key").stringValue("");
        Optional<Map<String, byte[]>> entries = find(secret, reference);
        byte[] value = entries.map(map -> map.get(key)).orElse(null);
        if (value == null) {
            if (reference.path("optional").booleanValue(false)) {
                return Optional.empty();
            }
            throw ConfigException.config("couldn't find key %s in %s %s/%s"
                    .formatted(
                            key,
                            secret ? "Secret" : "ConfigMap",
                            pod.namespace(),
                            reference.path("name").stringValue("")));
        }
        return Optional.of(text(value));
    }

    private static String text(byte[] value) {
        return new String(value, StandardCharsets.UTF_8);
    }
}
