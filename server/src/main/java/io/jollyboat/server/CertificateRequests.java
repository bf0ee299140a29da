package io.jollyboat.server;

import io.jollyboat.world.World;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes into a new CertificateSigningRequest who asks, and into an approval when it was given. */
final class CertificateRequests implements Step {
    private static final String KIND = "certificatesigningrequests.certificates.k8s.io";
    private static final Set<String> ASKER = Set.of("username", "uid", "groups", "extra");

    private final World world;

    CertificateRequests(World world) {
        this.world = world;
    }

    @Override
    public void take(Write write) {
        if (!write.kind().equals(KIND)) {
            return;
        }
        if (write.creates()) {
            nameAsker(write.user(), write.after().withObjectProperty("spec"));
        } else if (write.target().subresource().equals("approval")) {
            for (JsonNode condition : write.after().path("status").path("conditions")) {
                if (condition instanceof ObjectNode object) {
                    String now = Times.seconds(world.now());
                    setIfMissing(object, "lastUpdateTime", now);
                    setIfMissing(object, "lastTransitionTime", now);
                }
            }
        }
    }

    private static void setIfMissing(ObjectNode condition, String field, String time) {
        if (!condition.path(field).isString()) {
            condition.put(field, time);
        }
    }

    private static void nameAsker(User user, ObjectNode spec) {
        spec.remove(ASKER);
        spec.put("username", user.name());
        if (!user.uid().isEmpty()) {
            spec.put("uid", user.uid());
        }
        ArrayNode groups = spec.putArray("groups");
        user.groups().stream().sorted().forEach(groups::add);
        if (!user.extra().isEmpty()) {
            ObjectNode extra = spec.putObject("extra");
            user.extra().forEach((key, values) -> {
                ArrayNode array = extra.putArray(key);
                values.forEach(array::add);
            });
        }
    }
}
