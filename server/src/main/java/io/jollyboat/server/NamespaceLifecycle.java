package io.jollyboat.server;

import io.jollyboat.api.Meta;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Cause;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.Target;
import java.util.List;

/** New objects need a namespace that is there and not being deleted. */
final class NamespaceLifecycle implements Step {
    private static final Resource NAMESPACE = Resources.kind("v1", "Namespace");

    private final Storage storage;

    NamespaceLifecycle(Storage storage) {
        this.storage = storage;
    }

    @Override
    public void take(Write write) {
        if (write.creates() && write.resource().namespaced()) {
            refuseMissing(write.target());
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
}
