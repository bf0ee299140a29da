package io.jollyboat.server;

import io.jollyboat.api.Meta;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Cause;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.Target;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** New objects need a namespace that is there and not being deleted; what holds a namespace is not for everybody. */
final class NamespaceLifecycle implements Step {
    private static final Resource NAMESPACE = Resources.kind("v1", "Namespace");
    private static final String FINALIZERS = "finalizers";

    private final Storage storage;

    NamespaceLifecycle(Storage storage) {
        this.storage = storage;
    }

    @Override
    public void take(Write write) {
        if (write.creates() && write.resource().namespaced()) {
            refuseMissing(write.target());
        } else if (!write.creates() && write.kind().equals(NAMESPACE.plural())) {
            keepFinalizers(write.target(), write.before().orElseThrow(), write.after());
        }
    }

    /** 404 for a namespace that is not there, 403 for one that is going. */
    private void refuseMissing(Target target) {
        Target namespace = Target.of(NAMESPACE, "", target.namespace());
        Storage.Found found = storage.get(namespace).orElseThrow(() -> StatusException.notFound(namespace));
        if (!Meta.isBeingDeleted(found.object())) {
            return;
        }
        var cause = new Cause(
                "NamespaceTerminating",
                "namespace %s is being terminated".formatted(target.namespace()),
                "metadata.namespace");
        throw new StatusException(new StatusException.Failure(
                Reason.FORBIDDEN,
                "%s \"%s\" is forbidden: unable to create new content in namespace %s because it is being terminated"
                        .formatted(target.resource(), target.name(), target.namespace()),
                target.name(),
                target.resource().group(),
                target.resource().plural(),
                "",
                List.of(cause),
                0));
    }

    /** Only {@code finalize} changes spec.finalizers, and it changes nothing else. */
    private static void keepFinalizers(Target target, ObjectNode before, ObjectNode after) {
        if (!target.subresource().equals("finalize")) {
            set(after, before.path("spec").path(FINALIZERS).deepCopy());
            return;
        }
        JsonNode sent = after.path("spec").path(FINALIZERS).deepCopy();
        JsonNode metadataFinalizers = after.path("metadata").path(FINALIZERS).deepCopy();
        after.removeAll();
        before.deepCopy().forEachEntry(after::set);
        set(after, sent);
        if (metadataFinalizers.isMissingNode()) {
            Meta.writable(after).remove(FINALIZERS);
        } else {
            Meta.writable(after).set(FINALIZERS, metadataFinalizers);
        }
    }

    private static void set(ObjectNode namespace, JsonNode finalizers) {
        ObjectNode spec = namespace.withObjectProperty("spec");
        if (finalizers.isEmpty()) {
            spec.remove(FINALIZERS);
        } else {
            spec.set(FINALIZERS, finalizers);
        }
    }
}
