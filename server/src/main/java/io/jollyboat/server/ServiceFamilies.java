package io.jollyboat.server;

import io.jollyboat.api.Ip;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Cause;
import io.jollyboat.api.Trees;
import io.jollyboat.server.validation.Validation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Decides which families of addresses a Service has, from what its policy, its families and its addresses ask for and
 * from those that the cluster has.
 *
 * <p>A Service that prefers two families neither gains nor loses one merely because the cluster did: only a change of
 * its policy, families or addresses does that. Headless Services without a selector have endpoints that somebody else
 * writes, so they may have families that the cluster has not.
 *
 * <p>Source: KEP-563; the Service API reference, {@code ipFamilyPolicy}.
 */
final class ServiceFamilies {
    private static final String CLUSTER_IPS = "clusterIPs";
    private static final String FAMILIES = "ipFamilies";
    private static final String POLICY = "ipFamilyPolicy";
    private static final String SINGLE = "SingleStack";
    private static final String PREFER = "PreferDualStack";
    private static final String REQUIRE = "RequireDualStack";

    private final List<String> cluster;

    /** @param cluster the cluster's families, the primary one first */
    ServiceFamilies(List<String> cluster) {
        this.cluster = List.copyOf(cluster);
    }

    /** @throws StatusException when what is asked for does not agree, or is more than the cluster has */
    void decide(Write write) {
        ObjectNode spec = write.after().withObjectProperty("spec");
        Optional<JsonNode> before = write.before().map(service -> service.path("spec"));
        if (before.isPresent() && stillPrefers(before.get(), spec)) {
            return;
        }
        boolean loose =
                ServiceShape.isHeadless(write.after()) && spec.path("selector").isEmpty();
        if (!spec.has(POLICY)) {
            spec.put(POLICY, loose ? REQUIRE : SINGLE);
        }
        List<Cause> causes = new ArrayList<>(Validation.serviceAddresses(write.after()));
        refuse(write, causes);
        before.ifPresent(old -> release(old, spec, causes));
        requirePolicyForTwo(spec, causes);
        infer(spec, causes);
        refuse(write, causes);
        if (!loose) {
            requireConfigured(spec, causes);
            refuse(write, causes);
        }
        complete(spec, loose || cluster.size() > 1);
    }

    private static boolean stillPrefers(JsonNode before, JsonNode after) {
        return policy(before).equals(PREFER)
                && policy(after).equals(PREFER)
                && Trees.equal(before.path(CLUSTER_IPS), after.path(CLUSTER_IPS))
                && Trees.equal(before.path(FAMILIES), after.path(FAMILIES));
    }

    /** The policy SingleStack alone says clearly enough that the second family goes; without it, it must not go. */
    private static void release(JsonNode before, ObjectNode after, List<Cause> causes) {
        if (policy(after).equals(SINGLE)) {
            for (String field : List.of(CLUSTER_IPS, FAMILIES)) {
                if (after.path(field).size() > 1 && Trees.equal(before.path(field), after.path(field))) {
                    ((ArrayNode) after.path(field)).remove(1);
                }
            }
            return;
        }
        if (isReduced(before.path(CLUSTER_IPS), after.path(CLUSTER_IPS))) {
            causes.add(wrong(after, "must be 'SingleStack' to release the secondary cluster IP"));
        }
        if (isReduced(before.path(FAMILIES), after.path(FAMILIES))) {
            causes.add(wrong(after, "must be 'SingleStack' to release the secondary IP family"));
        }
    }

    private static boolean isReduced(JsonNode before, JsonNode after) {
        return !after.isEmpty() && after.size() < before.size();
    }

    private static void requirePolicyForTwo(JsonNode spec, List<Cause> causes) {
        if (!policy(spec).equals(SINGLE)) {
            return;
        }
        String rule = "must be 'RequireDualStack' or 'PreferDualStack' when multiple %s are specified";
        if (spec.path(CLUSTER_IPS).size() == 2) {
            causes.add(wrong(spec, rule.formatted("cluster IPs")));
        }
        if (spec.path(FAMILIES).size() == 2) {
            causes.add(wrong(spec, rule.formatted("IP families")));
        }
    }

    /** Addresses tell their family where the client did not. */
    private void infer(ObjectNode spec, List<Cause> causes) {
        ArrayNode families = families(spec);
        List<String> addresses = ServiceShape.texts(spec.path(CLUSTER_IPS));
        for (int i = families.size(); i < addresses.size(); i++) {
            Optional<String> family = Ip.read(addresses.get(i)).map(ServiceShape::family);
            if (family.isEmpty()) {
                return; // the word None
            }
            if (cluster.contains(family.get())) {
                families.add(family.get());
            } else {
                causes.add(invalid(
                        CLUSTER_IPS + "[" + i + "]",
                        spec.path(CLUSTER_IPS),
                        family.get() + " is not configured on this cluster"));
            }
        }
    }

    private void requireConfigured(JsonNode spec, List<Cause> causes) {
        if (policy(spec).equals(REQUIRE) && cluster.size() < 2) {
            causes.add(wrong(spec, "this cluster is not configured for dual-stack services"));
        }
        List<String> families = ServiceShape.texts(spec.path(FAMILIES));
        for (int i = 0; i < families.size(); i++) {
            if (!cluster.contains(families.get(i))) {
                causes.add(invalid(
                        FAMILIES + "[" + i + "]", spec.path(FAMILIES).path(i), "not configured on this cluster"));
            }
        }
    }

    private void complete(ObjectNode spec, boolean canHaveTwo) {
        ArrayNode families = families(spec);
        if (families.isEmpty()) {
            families.add(cluster.getFirst());
        }
        if (canHaveTwo && families.size() == 1 && !policy(spec).equals(SINGLE)) {
            families.add(
                    families.path(0).stringValue("").equals(ServiceShape.IPV4) ? ServiceShape.IPV6 : ServiceShape.IPV4);
        }
    }

    private static ArrayNode families(ObjectNode spec) {
        return spec.path(FAMILIES) instanceof ArrayNode present ? present : spec.putArray(FAMILIES);
    }

    private static String policy(JsonNode spec) {
        return spec.path(POLICY).stringValue("");
    }

    private static Cause wrong(JsonNode spec, String why) {
        return invalid(POLICY, spec.path(POLICY), why);
    }

    private static Cause invalid(String field, JsonNode value, String why) {
        return new Cause("FieldValueInvalid", "Invalid value: %s: %s".formatted(value, why), "spec." + field);
    }

    private static void refuse(Write write, List<Cause> causes) {
        if (!causes.isEmpty()) {
            throw StatusException.invalid(write.resource(), write.target().name(), causes);
        }
    }
}
