package io.jollyboat.api;

import tools.jackson.databind.node.ObjectNode;

/**
 * The verbs of Kubernetes. There are two implementations, the server's core and a client over HTTP, and those who
 * call cannot tell which they have.
 *
 * <p>Objects are JSON trees. A tree that is handed out belongs to many readers: copy it ({@code deepCopy}) before
 * changing it. A tree that is handed in is not changed and not kept.
 *
 * <p>Every verb throws {@link StatusException} with Kubernetes' own reason and code.
 */
public interface Api {
    /** The object, or with a subresource ({@code status}, {@code scale}) that view of it. */
    ObjectNode get(Target target);

    /**
     * The objects of a kind.
     *
     * @param namespace "" for all namespaces and for cluster-scoped kinds
     */
    ObjectList list(Resource resource, String namespace, ListOptions options);

    /** The changes of a kind, from a revision or after the present objects. The caller closes it. */
    Watch watch(Resource resource, String namespace, WatchOptions options);

    /** Creates an object; its name stands in the object, or is made from {@code generateName}. */
    ObjectNode create(Resource resource, String namespace, ObjectNode object, WriteOptions options);

    /** Posts to a subresource: {@code binding}, {@code eviction}, {@code token}. */
    ObjectNode create(Target target, ObjectNode body, WriteOptions options);

    ObjectNode update(Target target, ObjectNode object, WriteOptions options);

    ObjectNode patch(Target target, Patch patch, WriteOptions options);

    /** Deletes; the answer is the object where it stays or where Kubernetes answers so, else a {@code Status}. */
    ObjectNode delete(Target target, DeleteOptions options);

    /** Deletes all that the selectors in {@code which} choose; the answer holds what was chosen. */
    ObjectList deleteCollection(Resource resource, String namespace, ListOptions which, DeleteOptions options);
}
