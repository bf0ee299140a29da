package io.jollyboat.api;

import java.util.List;
import java.util.OptionalLong;
import tools.jackson.databind.node.ObjectNode;

/**
 * A page of objects.
 *
 * @param resourceVersion of the state that the list shows, as Kubernetes' opaque string
 * @param next the token for the following page, "" on the last one
 * @param remaining how many objects follow, where the server tells it
 */
public record ObjectList(
        Resource resource, List<ObjectNode> items, String resourceVersion, String next, OptionalLong remaining) {
    public ObjectList {
        items = List.copyOf(items);
    }
}
