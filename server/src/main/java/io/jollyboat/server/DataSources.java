package io.jollyboat.server;

import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Where a claim's content comes from stands in two fields, an older and a newer one: each is filled in from the other (KEP-1495).
 * What the older one never could be is dropped from it.
 */
final class DataSources implements Step {
    private static final String OLDER = "dataSource";
    private static final String NEWER = "dataSourceRef";
    /** What the older field takes: a group and a kind in it. */
    private static final Set<String> OLD_KINDS =
            Set.of("/PersistentVolumeClaim", "snapshot.storage.k8s.io/VolumeSnapshot");

    @Override
    public void take(Write write) {
        if (!write.kind().equals("persistentvolumeclaims")
                || !write.target().subresource().isEmpty()
                || !(write.after().path("spec") instanceof ObjectNode spec)) {
            return;
        }
        JsonNode before = write.before().<JsonNode>map(b -> b.path("spec")).orElse(spec.objectNode());
        if (spec.path(NEWER).path("namespace").stringValue("").isEmpty()) {
            dropForeign(spec, before);
            fill(spec, OLDER, NEWER);
            fill(spec, NEWER, OLDER);
        } else if (!before.has(NEWER)) {
            spec.remove(NEWER); // sources in other namespaces are not offered
            dropForeign(spec, before);
            fill(spec, OLDER, NEWER);
        }
    }

    private static void dropForeign(ObjectNode spec, JsonNode before) {
        JsonNode source = spec.path(OLDER);
        String kind = source.path("apiGroup").stringValue("") + "/"
                + source.path("kind").stringValue("");
        if (!before.has(OLDER) && !before.has(NEWER) && !spec.has(NEWER) && !OLD_KINDS.contains(kind)) {
            spec.remove(OLDER);
        }
    }

    private static void fill(ObjectNode spec, String from, String to) {
        if (spec.path(from) instanceof ObjectNode source && !spec.has(to)) {
            ObjectNode copy = source.deepCopy();
            copy.remove("namespace");
            spec.set(to, copy);
        }
    }
}
