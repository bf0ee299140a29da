package io.jollyboat.controllers;

import io.jollyboat.api.Meta;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * That a Pod uses a claim.
 *
 * @param claim its name
 * @param ownClaim whether it was made for this Pod, as an ephemeral volume
 */
record ClaimUse(String claim, boolean ownClaim) {
    /**
     * The claims that hold a Pod's volumes. A Pod without a node uses none, for no node starts one whose claim is
     * going; one that has ended uses them until it is deleted. What is made for a Pod need not outlive it: with no time left, it
     * is no longer used.
     */
    static List<ClaimUse> of(ObjectNode pod) {
        JsonNode spec = pod.path("spec");
        if (spec.path("nodeName").stringValue("").isEmpty()) {
            return List.of();
        }
        boolean down = Meta.isBeingDeleted(pod)
                && pod.path("metadata").path("deletionGracePeriodSeconds").longValue(-1) == 0;
        List<ClaimUse> uses = new ArrayList<>();
        for (JsonNode volume : spec.path("volumes")) {
            String claim =
                    volume.path("persistentVolumeClaim").path("claimName").stringValue("");
            if (!claim.isEmpty()) {
                uses.add(new ClaimUse(claim, false));
            } else if (volume.has("ephemeral") && !down) {
                uses.add(new ClaimUse(Meta.name(pod) + "-" + volume.path("name").stringValue(""), true));
            }
        }
        return List.copyOf(uses);
    }
}
