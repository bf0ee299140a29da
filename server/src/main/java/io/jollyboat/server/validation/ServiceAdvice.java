package io.jollyboat.server.validation;

import java.util.List;

/** What is told of Services, their endpoints, and of who may reach whom. */
final class ServiceAdvice {
    private static final String MANAGED = "endpointslice.kubernetes.io/managed-by";
    private static final List<String> CONTROLLERS =
            List.of("endpointslice-controller.k8s.io", "endpointslicemirroring-controller.k8s.io");
    private static final String HINTS = "service.kubernetes.io/topology-aware-hints";
    private static final String EXTERNAL_NAME = "ExternalName";
    private static final String INGRESS_CLASS = "kubernetes.io/ingress.class";

    private ServiceAdvice() {}

    static void service(Place service, Told told) {
        if (service.in("metadata", "annotations").node().has(HINTS)) {
            told.say("annotation " + HINTS + " is deprecated, please use service.kubernetes.io/topology-mode instead");
        }
        Place spec = service.at("spec");
        String type = spec.text("type");
        if (type.equals("ClusterIP") && spec.text("clusterIP").equals("None")) {
            headless(spec, told);
        } else {
            spec.each("clusterIPs").forEach(ip -> AddressAdvice.ip(ip, told));
        }
        spec.each("externalIPs").forEach(ip -> AddressAdvice.ip(ip, told));
        AddressAdvice.ip(spec.at("loadBalancerIP"), told);
        spec.each("loadBalancerSourceRanges").forEach(range -> AddressAdvice.cidr(range, told));
        if (type.equals(EXTERNAL_NAME) && spec.at("externalIPs").isSet()) {
            told.say("spec.externalIPs is ignored when spec.type is \"ExternalName\"");
        }
        if (!type.equals(EXTERNAL_NAME) && spec.at("externalName").isSet()) {
            told.say("spec.externalName is ignored when spec.type is not \"ExternalName\"");
        }
        if (spec.text("trafficDistribution").equals("PreferClose")) {
            told.say(spec.at("trafficDistribution"), "\"PreferClose\" is deprecated; use \"PreferSameZone\"");
        }
    }

    private static void headless(Place spec, Told told) {
        for (String field : List.of("loadBalancerIP", "externalIPs")) {
            if (spec.at(field).isSet()) {
                told.say("spec." + field + " is ignored for headless services");
            }
        }
        if (!spec.text("sessionAffinity").equals("None")) {
            told.say("spec.SessionAffinity is ignored for headless services");
        }
    }

    static void endpoints(Place endpoints, Told told) {
        if (endpoints
                .in("metadata", "labels")
                .text("endpoints.kubernetes.io/managed-by")
                .equals("endpoint-controller")) {
            return;
        }
        for (Place subset : endpoints.each("subsets")) {
            for (String list : List.of("addresses", "notReadyAddresses")) {
                subset.each(list).forEach(address -> AddressAdvice.ip(address.at("ip"), told));
            }
        }
    }

    static void slice(Place slice, Told told) {
        if (CONTROLLERS.contains(slice.in("metadata", "labels").text(MANAGED))) {
            return;
        }
        for (Place endpoint : slice.each("endpoints")) {
            endpoint.each("addresses").forEach(address -> AddressAdvice.ip(address, told));
        }
    }

    static void addressType(Place slice, Told told) {
        if (slice.text("addressType").equals("FQDN")) {
            told.say("spec.addressType: FQDN endpoints are deprecated");
        }
    }

    static void policy(Place policy, Told told) {
        Place spec = policy.at("spec");
        spec.each("ingress").forEach(rule -> rule.each("from").forEach(peer -> block(peer.at("ipBlock"), told)));
        spec.each("egress").forEach(rule -> rule.each("to").forEach(peer -> block(peer.at("ipBlock"), told)));
    }

    private static void block(Place block, Told told) {
        AddressAdvice.cidr(block.at("cidr"), told);
        block.each("except").forEach(range -> AddressAdvice.cidr(range, told));
    }

    static void ingress(Place ingress, Told told) {
        if (ingress.in("metadata", "annotations").node().has(INGRESS_CLASS)
                && !ingress.in("spec", "ingressClassName").isThere()) {
            told.say("annotation \"" + INGRESS_CLASS + "\" is deprecated, please use 'spec.ingressClassName' instead");
        }
    }

    static void node(Place node, Told told) {
        node.at("spec").each("podCIDRs").forEach(range -> AddressAdvice.cidr(range, told));
    }
}
