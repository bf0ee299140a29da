package io.jollyboat.server;

import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Shows a kind whose objects are not stored, but looked up for each request. */
@FunctionalInterface
interface Showing {
    /** All objects as they are now, in the order of a list; the caller's own. */
    List<ObjectNode> objects();
}
