package io.jollyboat.server;

import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Gives a new Pod its account: the name, the account's pull secrets, and the files with which its containers speak to
 * the API.
 *
 * <p>Source: Kubernetes' ServiceAccount admission controller.
 */
final class ServiceAccounts implements Step {
    static final String MOUNT_PATH = "/var/run/secrets/kubernetes.io/serviceaccount";

    private static final Resource ACCOUNT = Resources.kind("v1", "ServiceAccount");
    private static final String VOLUME = "kube-api-access-";
    private static final String VOLUMES = "volumes";
    private static final String MIRROR = "kubernetes.io/config.mirror";
    private static final JsonNode SOURCE = JsonMapper.shared().readTree(Texts.whole("token-volume.json"));

    private final Storage storage;
    private final Identity identity;

    ServiceAccounts(Storage storage, Identity identity) {
        this.storage = storage;
        this.identity = identity;
    }

    @Override
    public void take(Write write) {
        if (!write.isCreationOf("pods")
                || write.after().path("metadata").path("annotations").has(MIRROR)) {
            return;
        }
        ObjectNode spec = write.after().withObjectProperty("spec");
        String name = spec.path("serviceAccountName").stringValue("");
        if (name.isEmpty()) {
            name = "default";
        }
        spec.put("serviceAccountName", name).put("serviceAccount", name);
        ObjectNode account = account(write.target(), name);
        JsonNode secrets = account.path("imagePullSecrets");
        if (spec.path("imagePullSecrets").isEmpty() && !secrets.isEmpty()) {
            spec.set("imagePullSecrets", secrets.deepCopy());
        }
        if (mounts(spec, account)) {
            mount(spec);
        }
    }

    private ObjectNode account(Target pod, String name) {
        Optional<Storage.Found> found = storage.get(Target.of(ACCOUNT, pod.namespace(), name));
        return found.orElseThrow(() -> StatusException.forbidden(
                        pod,
                        "error looking up service account %s/%s: serviceaccount \"%s\" not found"
                                .formatted(pod.namespace(), name, name)))
                .object();
    }

    private static boolean mounts(JsonNode spec, JsonNode account) {
        String field = "automountServiceAccountToken";
        return spec.path(field).booleanValue(account.path(field).booleanValue(true));
    }

    private void mount(ObjectNode spec) {
        List<ObjectNode> containers = new ArrayList<>();
        for (String field : List.of("initContainers", "containers")) {
            for (JsonNode container : spec.path(field)) {
                if (container instanceof ObjectNode object && !hasMount(object)) {
                    containers.add(object);
                }
            }
        }
        if (containers.isEmpty()) {
            return;
        }
        String volume = volume(spec);
        for (ObjectNode container : containers) {
            array(container, "volumeMounts")
                    .addObject()
                    .put("name", volume)
                    .put("readOnly", true)
                    .put("mountPath", MOUNT_PATH);
        }
    }

    private static boolean hasMount(JsonNode container) {
        for (JsonNode mount : container.path("volumeMounts")) {
            if (mount.path("mountPath").stringValue("").equals(MOUNT_PATH)) {
                return true;
            }
        }
        return false;
    }

    /** The name of the volume with the files: one that the Pod brings, or a new one. */
    private String volume(ObjectNode spec) {
        for (JsonNode volume : spec.path(VOLUMES)) {
            String name = volume.path("name").stringValue("");
            if (name.startsWith(VOLUME)) {
                return name;
            }
        }
        String name = VOLUME + identity.suffix();
        array(spec, VOLUMES).addObject().put("name", name).set("projected", SOURCE.deepCopy());
        return name;
    }

    private static ArrayNode array(ObjectNode holder, String field) {
        return holder.path(field) instanceof ArrayNode present ? present : holder.putArray(field);
    }
}
