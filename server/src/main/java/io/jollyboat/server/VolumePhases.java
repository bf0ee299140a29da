package io.jollyboat.server;

import io.jollyboat.world.World;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Keeps in a volume's status since when it has its phase, unless whoever writes the phase says so too. */
final class VolumePhases implements Step {
    private static final String SINCE = "lastPhaseTransitionTime";

    private final World world;

    VolumePhases(World world) {
        this.world = world;
    }

    @Override
    public void take(Write write) {
        if (!write.kind().equals("persistentvolumes")
                || !write.creates() && !write.target().subresource().equals("status")) {
            return;
        }
        ObjectNode status = write.after().withObjectProperty("status");
        Optional<JsonNode> before = write.before().map(volume -> volume.path("status"));
        boolean stays = before.filter(old -> old.path("phase").equals(status.path("phase")))
                .isPresent();
        JsonNode had = before.map(old -> old.path(SINCE)).orElse(status.missingNode());
        if (stays) {
            if (!status.has(SINCE) && had.isString()) {
                status.set(SINCE, had);
            }
        } else if (!status.has(SINCE) || status.path(SINCE).equals(had)) {
            status.put(SINCE, Times.seconds(world.now()));
        }
    }
}
