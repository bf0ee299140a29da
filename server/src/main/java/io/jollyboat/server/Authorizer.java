package io.jollyboat.server;

import io.jollyboat.api.Resource;
import io.jollyboat.api.Target;
import io.jollyboat.api.selectors.FieldSelector;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/** Says who may do what. */
@FunctionalInterface
public interface Authorizer {
    /** Pages that anybody may see. */
    Set<String> PUBLIC = Set.of("/healthz", "/livez", "/readyz", "/version");

    /**
     * @param verb get, list, watch, create, update, patch, delete, deletecollection, or a special one
     * @param namespace "" for cluster-scoped kinds and for all namespaces
     * @param name "" where the request names no object
     * @param subresource "" for the object itself
     */
    Decision decide(User user, String verb, Resource resource, String namespace, String name, String subresource);

    /**
     * Decides on a list, watch or deletion of many.
     *
     * @param name the one name that the field selector asks for, "" where it asks for more
     * @param fields what the request's field selector says, as far as it can be understood
     */
    default Decision decideMany(
            User user, String verb, Resource resource, String namespace, String name, FieldSelector fields) {
        return decide(user, verb, resource, namespace, name, "");
    }

    /**
     * Decides on a request that names no resource; without further rules every authenticated user may make it, and
     * everybody may see how the server is.
     *
     * @param verb the HTTP method in lower case
     */
    default Decision decidePath(User user, String verb, String path) {
        boolean known = user.groups().contains("system:authenticated");
        return known || verb.equals("get") && PUBLIC.contains(path) ? Decision.ALLOWED : Decision.DENIED;
    }

    /**
     * Looks at every object that somebody creates or changes, and refuses one that would give somebody more rights
     * than its writer has.
     *
     * @param before what is stored, empty for a creation
     * @throws io.jollyboat.api.StatusException 403 in Kubernetes' words
     */
    default void checkGrant(User user, Target target, Optional<ObjectNode> before, ObjectNode after) {}

    /** Everybody may do everything: for tests. */
    static Authorizer allowAll() {
        return (user, verb, resource, namespace, name, subresource) -> Decision.ALLOWED;
    }

    /**
     * Yes or no.
     *
     * @param reason said after a refusal and in the answer to a question, "" for none
     */
    record Decision(boolean allowed, String reason) {
        public static final Decision ALLOWED = new Decision(true, "");
        public static final Decision DENIED = new Decision(false, "");
    }
}
