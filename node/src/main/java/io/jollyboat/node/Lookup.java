package io.jollyboat.node;

import io.jollyboat.api.Api;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.Target;
import io.jollyboat.api.WriteOptions;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads what a Pod refers to. */
final class Lookup {
    private static final Resource SERVICE_ACCOUNT = Resources.kind("v1", "ServiceAccount");

    private final Api api;

    Lookup(Api api) {
        this.api = api;
    }

    /** The entries of a ConfigMap, as bytes; empty when there is none. */
    Optional<Map<String, byte[]>> configMap(String namespace, String name) {
        return get(Target.of(References.CONFIG_MAP, namespace, name)).map(object -> {
            Map<String, byte[]> entries = new TreeMap<>();
            object.path("data")
                    .forEachEntry((key, value) ->
                            entries.put(key, value.stringValue("").getBytes(StandardCharsets.UTF_8)));
            object.path("binaryData").forEachEntry((key, value) -> entries.put(key, decode(value)));
            return entries;
        });
    }

    Optional<Map<String, byte[]>> secret(String namespace, String name) {
        return get(Target.of(References.SECRET, namespace, name)).map(object -> {
            Map<String, byte[]> entries = new TreeMap<>();
            object.path("data").forEachEntry((key, value) -> entries.put(key, decode(value)));
            return entries;
        });
    }

    /** The answer to a TokenRequest: {@code status.token} and {@code status.expirationTimestamp}. */
    JsonNode token(Pod pod, String audience, long seconds) {
        String account = pod.spec().path("serviceAccountName").stringValue("default");
        ObjectNode request = pod.object().objectNode();
        request.put("apiVersion", "authentication.k8s.io/v1").put("kind", "TokenRequest");
        ObjectNode spec = request.putObject("spec");
        spec.put("expirationSeconds", seconds);
        if (!audience.isEmpty()) {
            spec.putArray("audiences").add(audience);
        }
        spec.putObject("boundObjectRef")
                .put("apiVersion", "v1")
                .put("kind", "Pod")
                .put("name", pod.name())
                .put("uid", pod.uid());
        Target target = Target.of(SERVICE_ACCOUNT, pod.namespace(), account).withSubresource("token");
        return api.create(target, request, WriteOptions.by("kubelet")).path("status");
    }

    private Optional<ObjectNode> get(Target target) {
        try {
            return Optional.of(api.get(target));
        } catch (StatusException e) {
            if (e.is(StatusException.Reason.NOT_FOUND)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static byte[] decode(JsonNode value) {
        return Base64.getDecoder().decode(value.stringValue(""));
    }
}
