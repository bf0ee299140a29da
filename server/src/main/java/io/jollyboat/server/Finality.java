package io.jollyboat.server;

import io.jollyboat.api.Meta;
import io.jollyboat.api.Resource;
import tools.jackson.databind.node.ObjectNode;

/** Says when an object that is being deleted has nothing left to wait for. */
final class Finality {
    private Finality() {}

    /** Whether an update leaves an object that is to go now: deleted, no grace left, no finalizers. */
    static boolean isOver(Resource resource, ObjectNode object) {
        return Meta.isBeingDeleted(object)
                && object.path("metadata").path("deletionGracePeriodSeconds").longValue(0) == 0
                && !isHeld(resource, object);
    }

    /** Whether finalizers keep the object; those of a Namespace stand in its spec too. */
    static boolean isHeld(Resource resource, ObjectNode object) {
        return !Meta.finalizers(object).isEmpty()
                || resource.qualifiedPlural().equals("namespaces")
                        && !object.path("spec").path("finalizers").isEmpty();
    }
}
