package io.jollyboat.server;

import io.jollyboat.api.StatusException;
import io.jollyboat.api.Target;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Shows a kind whose objects are not stored, but looked up for each request. */
interface Showing {
    /** All objects as they are now, in the order of a list; the caller's own. */
    List<ObjectNode> objects();

    /** 404, in the words of the kind. */
    StatusException missing(Target target);
}
