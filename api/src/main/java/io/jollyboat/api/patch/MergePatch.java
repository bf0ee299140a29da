package io.jollyboat.api.patch;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The JSON merge patch of RFC 7386: null deletes, objects merge, everything else replaces. */
public final class MergePatch {
    private MergePatch() {}

    /** The patched object; neither argument is changed. */
    public static ObjectNode apply(ObjectNode live, ObjectNode patch) {
        ObjectNode merged = live.deepCopy();
        mergeInto(merged, patch);
        return merged;
    }

    private static void mergeInto(ObjectNode target, ObjectNode patch) {
        patch.forEachEntry((name, wanted) -> {
            if (wanted.isNull()) {
                target.remove(name);
            } else if (wanted instanceof ObjectNode object) {
                mergeInto(objectAt(target, name), object);
            } else {
                target.set(name, wanted.deepCopy());
            }
        });
    }

    /** The object under a name; where there is none, an empty one takes the place, so that nulls vanish there too. */
    private static ObjectNode objectAt(ObjectNode parent, String name) {
        JsonNode present = parent.get(name);
        if (present instanceof ObjectNode object) {
            return object;
        }
        ObjectNode empty = JsonNodeFactory.instance.objectNode();
        parent.set(name, empty);
        return empty;
    }
}
