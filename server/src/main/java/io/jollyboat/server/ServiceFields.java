package io.jollyboat.server;

import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Cause;
import io.jollyboat.api.Trees;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes a Service's fields agree with each other before it is validated: what an update leaves out stays, what the
 * type has no use for any more goes, and the single address and the list of addresses say the same.
 *
 * <p>Source: the Service API reference; KEP-563 for families.
 */
final class ServiceFields implements Step {
    private static final String CLUSTER_IP = "clusterIP";
    private static final String CLUSTER_IPS = "clusterIPs";
    private static final String NODE_PORT = "nodePort";
    private static final String HEALTH_PORT = "healthCheckNodePort";

    /** Fields that go with a property of the type: they are dropped when it is lost and the client left them alone. */
    private static final Map<String, Predicate<JsonNode>> TIED = Map.of(
            CLUSTER_IP,
            ServiceShape::hasClusterIp,
            CLUSTER_IPS,
            ServiceShape::hasClusterIp,
            "ipFamilies",
            ServiceShape::hasClusterIp,
            "ipFamilyPolicy",
            ServiceShape::hasClusterIp,
            "internalTrafficPolicy",
            ServiceShape::hasClusterIp,
            HEALTH_PORT,
            ServiceShape::hasHealthCheck,
            "allocateLoadBalancerNodePorts",
            service -> ServiceShape.is(service, "LoadBalancer"),
            "loadBalancerClass",
            service -> ServiceShape.is(service, "LoadBalancer"),
            "externalTrafficPolicy",
            ServiceShape::isReachedFromOutside);

    private final ServiceFamilies families;

    /** @param families of addresses that the cluster has, the primary one first */
    ServiceFields(List<String> families) {
        this.families = new ServiceFamilies(families);
    }

    @Override
    public void take(Write write) {
        if (!write.kind().equals(ServiceShape.KIND)) {
            return;
        }
        ObjectNode after = write.after();
        write.before().ifPresent(before -> {
            dropTied(before, after);
            keepGiven(before, after);
            if (write.target().subresource().isEmpty() && !ServiceShape.is(after, "LoadBalancer")) {
                after.withObjectProperty("status").putObject("loadBalancer");
            }
        });
        if (ServiceShape.hasClusterIp(after)) {
            agreeOnAddresses(write);
            families.decide(write);
        }
    }

    private static void dropTied(ObjectNode before, ObjectNode after) {
        ObjectNode spec = after.withObjectProperty("spec");
        TIED.forEach((field, has) -> {
            boolean lost = has.test(before) && !has.test(after);
            if (lost && Trees.equal(before.path("spec").path(field), spec.path(field))) {
                spec.remove(field);
            }
        });
        boolean lostPorts = ServiceShape.hasNodePorts(before) && !ServiceShape.hasNodePorts(after);
        if (lostPorts && nodePorts(before).containsAll(nodePorts(after))) {
            for (JsonNode port : spec.path("ports")) {
                ((ObjectNode) port).remove(NODE_PORT);
            }
        }
    }

    /** What was given out stays with a Service whose update does not mention it. */
    private static void keepGiven(ObjectNode before, ObjectNode after) {
        ObjectNode spec = after.withObjectProperty("spec");
        JsonNode old = before.path("spec");
        if (ServiceShape.hasClusterIp(before) && ServiceShape.hasClusterIp(after)) {
            if (ServiceShape.clusterIp(after).isEmpty() && old.has(CLUSTER_IP)) {
                spec.set(CLUSTER_IP, old.path(CLUSTER_IP));
            }
            boolean same = ServiceShape.clusterIp(before).equals(ServiceShape.clusterIp(after));
            if (same && spec.path(CLUSTER_IPS).isEmpty() && old.has(CLUSTER_IPS)) {
                spec.set(CLUSTER_IPS, old.path(CLUSTER_IPS).deepCopy());
            } else if (!same && Trees.equal(old.path(CLUSTER_IPS), spec.path(CLUSTER_IPS))) {
                spec.remove(CLUSTER_IPS);
            }
            keep("ipFamilies", old, spec);
            keep("ipFamilyPolicy", old, spec);
        }
        if (ServiceShape.hasNodePorts(before) && ServiceShape.hasNodePorts(after)) {
            keepNodePorts(old, spec);
        }
        if (ServiceShape.hasHealthCheck(before) && ServiceShape.hasHealthCheck(after)) {
            keep(HEALTH_PORT, old, spec);
        }
    }

    private static void keep(String field, JsonNode old, ObjectNode spec) {
        if (!spec.has(field) && old.has(field)) {
            spec.set(field, old.path(field).deepCopy());
        }
    }

    private static void keepNodePorts(JsonNode old, ObjectNode spec) {
        Set<Integer> used = new HashSet<>();
        spec.path("ports").forEach(port -> used.add(port.path(NODE_PORT).intValue(0)));
        for (JsonNode port : spec.path("ports")) {
            if (port.path(NODE_PORT).intValue(0) == 0) {
                given(old, port, used).ifPresent(number -> ((ObjectNode) port).put(NODE_PORT, number));
            }
        }
    }

    /** The number that the same port had before, unless another has it now. */
    private static OptionalInt given(JsonNode old, JsonNode port, Set<Integer> used) {
        for (JsonNode candidate : old.path("ports")) {
            int number = candidate.path(NODE_PORT).intValue(0);
            if (number != 0 && samePort(candidate, port) && used.add(number)) {
                return OptionalInt.of(number);
            }
        }
        return OptionalInt.empty();
    }

    private static boolean samePort(JsonNode one, JsonNode other) {
        return one.path("port").intValue(0) == other.path("port").intValue(0)
                && one.path("protocol")
                        .stringValue("TCP")
                        .equals(other.path("protocol").stringValue("TCP"));
    }

    private static Set<Integer> nodePorts(JsonNode service) {
        Set<Integer> ports = new HashSet<>(Set.of(0));
        service.path("spec")
                .path("ports")
                .forEach(port -> ports.add(port.path(NODE_PORT).intValue(0)));
        return ports;
    }

    private static void agreeOnAddresses(Write write) {
        ObjectNode spec = write.after().withObjectProperty("spec");
        String single = ServiceShape.clusterIp(write.after());
        if (single.isEmpty()) {
            if (write.creates() && !spec.path(CLUSTER_IPS).isEmpty()) {
                throw refused(
                        write, CLUSTER_IPS, spec.path(CLUSTER_IPS), "must be empty when `clusterIP` is not specified");
            }
            spec.remove(CLUSTER_IPS);
        } else if (spec.path(CLUSTER_IPS).isEmpty()) {
            spec.putArray(CLUSTER_IPS).add(single);
        }
    }

    static StatusException refused(Write write, String field, JsonNode value, String why) {
        String message = "Invalid value: %s: %s".formatted(value, why);
        return StatusException.invalid(
                write.resource(),
                write.target().name(),
                List.of(new Cause("FieldValueInvalid", message, "spec." + field)));
    }
}
