package io.jollyboat.api.kinds;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** The cells of Services, endpoints and Ingresses. */
final class NetworkCells {
    /** How many endpoints, ports or hosts are shown. */
    private static final int SHOWN = 3;

    static final Map<String, Cell.Rule> RULES = Map.ofEntries(
            Map.entry("serviceClusterIp", args -> (service, now) -> clusterIp(service)),
            Map.entry("serviceExternalIp", args -> (service, now) -> externalIp(service)),
            Map.entry("servicePorts", args -> (service, now) -> ports(service)),
            Map.entry("endpoints", args -> (endpoints, now) -> endpoints(endpoints)),
            Map.entry("slicePorts", args -> (slice, now) -> slicePorts(slice)),
            Map.entry(
                    "sliceEndpoints",
                    args -> (slice, now) -> TextCells.or(
                            TextCells.clipped(TextCells.texts(slice, "endpoints[].addresses[]"), SHOWN), "<unset>")),
            Map.entry("ingressHosts", args -> (ingress, now) -> hosts(ingress)),
            Map.entry("balancerAddresses", args -> (object, now) -> balancerAddresses(object)),
            Map.entry(
                    "ingressPorts",
                    args -> (ingress, now) -> ingress.path("spec").path("tls").isEmpty() ? "80" : "80, 443"),
            Map.entry("ingressParameters", args -> (type, now) -> parameters(type)),
            Map.entry("parentRef", args -> (address, now) -> parentRef(address)));

    private NetworkCells() {}

    private static String clusterIp(JsonNode service) {
        String first = TextCells.text(service, "spec.clusterIPs[]");
        return TextCells.or(TextCells.or(first, TextCells.text(service, "spec.clusterIP")), TextCells.NONE);
    }

    private static String externalIp(JsonNode service) {
        String given = String.join(",", TextCells.texts(service, "spec.externalIPs[]"));
        return switch (TextCells.text(service, "spec.type")) {
            case "ExternalName" -> TextCells.text(service, "spec.externalName");
            case "LoadBalancer" -> {
                String balancer = balancerAddresses(service);
                String both = balancer.isEmpty() || given.isEmpty() ? balancer + given : balancer + "," + given;
                yield TextCells.or(both, "<pending>");
            }
            default -> TextCells.or(given, TextCells.NONE);
        };
    }

    /** Addresses or names, sorted, each once. */
    private static String balancerAddresses(JsonNode object) {
        TreeSet<String> found = new TreeSet<>();
        for (JsonNode point : object.path("status").path("loadBalancer").path("ingress")) {
            String ip = point.path("ip").asString("");
            String either = ip.isEmpty() ? point.path("hostname").asString("") : ip;
            if (!either.isEmpty()) {
                found.add(either);
            }
        }
        return String.join(",", found);
    }

    private static String ports(JsonNode service) {
        List<String> ports = new ArrayList<>();
        for (JsonNode port : service.path("spec").path("ports")) {
            int nodePort = port.path("nodePort").asInt(0);
            ports.add(port.path("port").asInt(0) + (nodePort == 0 ? "" : ":" + nodePort) + "/"
                    + port.path("protocol").asString("TCP"));
        }
        return TextCells.or(String.join(",", ports), TextCells.NONE);
    }

    private static String endpoints(JsonNode endpoints) {
        JsonNode subsets = endpoints.path("subsets");
        List<String> found = new ArrayList<>();
        for (JsonNode subset : subsets) {
            List<String> addresses = TextCells.texts(subset, "addresses[].ip");
            if (subset.path("ports").isEmpty()) {
                found.addAll(addresses);
            }
            for (JsonNode port : subset.path("ports")) {
                addresses.forEach(ip -> found.add(hostPort(ip, port.path("port").asInt(0))));
            }
        }
        return subsets.isEmpty() ? TextCells.NONE : TextCells.clipped(found, SHOWN);
    }

    private static String hostPort(String ip, int port) {
        return (ip.contains(":") ? "[" + ip + "]" : ip) + ":" + port;
    }

    private static String slicePorts(JsonNode slice) {
        List<String> ports = new ArrayList<>();
        for (JsonNode port : slice.path("ports")) {
            String number = port.path("port").asString("");
            ports.add(number.isEmpty() ? port.path("name").asString("") : number);
        }
        return TextCells.or(TextCells.clipped(ports, SHOWN), "<unset>");
    }

    private static String hosts(JsonNode ingress) {
        JsonNode rules = ingress.path("spec").path("rules");
        List<String> hosts = TextCells.texts(ingress, "spec.rules[].host").stream()
                .filter(host -> !host.isEmpty())
                .toList();
        String shown = String.join(",", hosts.subList(0, Math.min(SHOWN, hosts.size())));
        return TextCells.or(shown, "*") + (hosts.size() > SHOWN ? " + " + (rules.size() - SHOWN) + " more..." : "");
    }

    private static String parameters(JsonNode type) {
        JsonNode parameters = type.path("spec").path("parameters");
        if (parameters.isMissingNode() || parameters.isNull()) {
            return TextCells.NONE;
        }
        String group = TextCells.text(parameters, "apiGroup");
        return TextCells.text(parameters, "kind") + (group.isEmpty() ? "" : "." + group) + "/"
                + TextCells.text(parameters, "name");
    }

    private static String parentRef(JsonNode address) {
        JsonNode parent = address.path("spec").path("parentRef");
        if (parent.isMissingNode() || parent.isNull()) {
            return TextCells.NONE;
        }
        String group = TextCells.text(parent, "group");
        String namespace = TextCells.text(parent, "namespace");
        String resource = TextCells.text(parent, "resource") + (group.isEmpty() ? "" : "." + group);
        return resource.toLowerCase(Locale.ROOT) + (namespace.isEmpty() ? "" : "/" + namespace) + "/"
                + TextCells.text(parent, "name");
    }
}
