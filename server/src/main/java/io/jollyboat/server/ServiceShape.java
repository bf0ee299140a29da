package io.jollyboat.server;

import io.jollyboat.api.Ip;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What a Service's type asks for, and reads from its spec. */
final class ServiceShape {
    static final String KIND = "services";

    static final String IPV4 = "IPv4";
    static final String IPV6 = "IPv6";

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

    /** The name of an address' family, as {@code ipFamilies} has it. */
    static String family(Ip address) {
        return address.isIpv4() ? IPV4 : IPV6;
    }

    /** The texts of a list. */
    static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(entry -> texts.add(entry.stringValue("")));
        return texts;
    }

    static String clusterIp(JsonNode service) {
        return service.path("spec").path("clusterIP").stringValue("");
    }
}
