package io.jollyboat.server;

import tools.jackson.databind.JsonNode;

/** What a Service's type asks for, and reads from its spec. */
final class ServiceShape {
    static final String KIND = "services";

    private ServiceShape() {}

    static String type(JsonNode service) {
        return service.path("spec").path("type").stringValue("ClusterIP");
    }

    static boolean is(JsonNode service, String type) {
        return type(service).equals(type);
    }

    /** Whether there is a virtual address at all, or the word None in its place. */
    static boolean hasClusterIp(JsonNode service) {
        return !is(service, "ExternalName");
    }

    static boolean isHeadless(JsonNode service) {
        return hasClusterIp(service) && clusterIp(service).equals("None");
    }

    static boolean hasNodePorts(JsonNode service) {
        return is(service, "NodePort") || is(service, "LoadBalancer");
    }

    /** Whether node ports are given to ports that name none. */
    static boolean givesNodePorts(JsonNode service) {
        return is(service, "NodePort")
                || is(service, "LoadBalancer")
                        && service.path("spec")
                                .path("allocateLoadBalancerNodePorts")
                                .booleanValue(true);
    }

    static boolean hasHealthCheck(JsonNode service) {
        return is(service, "LoadBalancer")
                && service.path("spec")
                        .path("externalTrafficPolicy")
                        .stringValue("")
                        .equals("Local");
    }

    static boolean isReachedFromOutside(JsonNode service) {
        return hasNodePorts(service)
                || is(service, "ClusterIP")
                        && !service.path("spec").path("externalIPs").isEmpty();
    }

    static String clusterIp(JsonNode service) {
        return service.path("spec").path("clusterIP").stringValue("");
    }
}
