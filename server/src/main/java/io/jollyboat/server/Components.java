package io.jollyboat.server;

import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.Target;
import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The ComponentStatuses, by the names that Kubernetes has for the parts of a control plane. The scheduler and the
 * controllers run in the process that answers, so they are well whenever somebody can ask; the store is tried.
 */
final class Components implements Showing {
    static final Resource KIND = Resources.kind("v1", "ComponentStatus");

    private final Storage storage;

    Components(Storage storage) {
        this.storage = storage;
    }

    @Override
    public List<ObjectNode> objects() {
        return List.of(
                component("controller-manager", true),
                component("etcd-0", storage.reads()),
                component("scheduler", true));
    }

    /** Kubernetes names them in the singular here. */
    @Override
    public StatusException missing(Target target) {
        String kind = "componentstatus";
        String message = "%s \"%s\" not found".formatted(kind, target.name());
        return new StatusException(new StatusException.Failure(
                StatusException.Reason.NOT_FOUND, message, target.name(), "", kind, "", List.of(), 0));
    }

    private static ObjectNode component(String name, boolean well) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("kind", KIND.kind()).put("apiVersion", KIND.apiVersion());
        object.putObject("metadata").put("name", name);
        ObjectNode condition = object.putArray("conditions").addObject().put("type", "Healthy");
        if (well) {
            condition.put("status", "True").put("message", "ok");
        } else {
            condition.put("status", "False").put("error", "the store cannot be read");
        }
        return object;
    }
}
