package io.jollyboat.server;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** An owner that is named twice in the same words is kept once, and the user is told. */
final class OwnerReferences implements Step {
    private static final String TOLD = ".metadata.ownerReferences contains duplicate entries; API server dedups owner"
            + " references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate"
            + " UID(s) observed: ";

    @Override
    public void take(Write write) {
        if (!(write.after().path("metadata").path("ownerReferences") instanceof ArrayNode owners)) {
            return;
        }
        List<JsonNode> once = new ArrayList<>();
        List<String> twice = new ArrayList<>();
        for (JsonNode owner : owners) {
            if (once.contains(owner)) {
                twice.add(owner.path("uid").asString(""));
            } else {
                once.add(owner);
            }
        }
        if (!twice.isEmpty()) {
            owners.removeAll();
            once.forEach(owners::add);
            write.warn(TOLD + String.join(", ", twice));
        }
    }
}
