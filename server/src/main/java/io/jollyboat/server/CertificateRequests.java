package io.jollyboat.server;

import io.jollyboat.world.World;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes into a new CertificateSigningRequest who asks, and into its conditions when they were set. */
final class CertificateRequests implements Step {
    private static final String KIND = "certificatesigningrequests.certificates.k8s.io";
    private static final List<String> DECISIONS = List.of("Approved", "Denied");
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
        } else if (!write.target().subresource().isEmpty()) {
            JsonNode before = write.before().orElseThrow().path("status").path("conditions");
            if (write.target().subresource().equals("status")) {
                DECISIONS.forEach(type -> keep(type, before, write.after()));
            }
            for (JsonNode condition : write.after().path("status").path("conditions")) {
                if (condition instanceof ObjectNode object) {
                    setTimes(object, before);
                }
            }
        }
    }

    /** Who signs decides nothing: as many decisions as there were stay as they were. */
    private static void keep(String type, JsonNode stored, ObjectNode after) {
        List<JsonNode> old = ofType(type, stored);
        if (after.path("status").path("conditions") instanceof ArrayNode conditions
                && ofType(type, conditions).size() == old.size()) {
            int next = 0;
            for (int i = 0; i < conditions.size(); i++) {
                if (conditions.get(i).path("type").asString("").equals(type)) {
                    conditions.set(i, old.get(next++).deepCopy());
                }
            }
        }
    }

    private static List<JsonNode> ofType(String type, JsonNode conditions) {
        return conditions
                .valueStream()
                .filter(each -> each.path("type").asString("").equals(type))
                .toList();
    }

    /** A condition that nobody dated was written now; it changed when its status did. */
    private void setTimes(ObjectNode condition, JsonNode stored) {
        String now = Times.seconds(world.now());
        String changed = now;
        for (JsonNode one : stored) {
            boolean same = List.of("type", "status").stream()
                    .allMatch(field -> one.path(field).equals(condition.path(field)));
            if (same) {
                changed = one.path("lastTransitionTime").asString(now);
            }
        }
        setIfMissing(condition, "lastUpdateTime", now);
        setIfMissing(condition, "lastTransitionTime", changed);
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
        user.groups().forEach(groups::add);
        if (!user.extra().isEmpty()) {
            ObjectNode extra = spec.putObject("extra");
            user.extra().forEach((key, values) -> {
                ArrayNode array = extra.putArray(key);
                values.forEach(array::add);
            });
        }
    }
}
