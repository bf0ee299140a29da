package io.jollyboat.server;

import tools.jackson.databind.node.ObjectNode;

/** Answers a kind whose objects are questions and are not stored, such as SubjectAccessReview. */
@FunctionalInterface
public interface Answering {
    /**
     * @param namespace "" for cluster-scoped kinds
     * @param question as the client sent it, read into its type and with its managedFields; the callee's own
     * @return the object with its answer
     * @throws io.jollyboat.api.StatusException for a question that makes no sense
     */
    ObjectNode answer(User user, String namespace, ObjectNode question);
}
