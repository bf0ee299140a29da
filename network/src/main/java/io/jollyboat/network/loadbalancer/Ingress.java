package io.jollyboat.network.loadbalancer;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One entry of {@code status.loadBalancer.ingress}. It has no ipMode: who reads none takes it for VIP, which it is, and
 * users who print a whole entry see the one word that they can use.
 *
 * @param ip "" when it has a hostname, and the other way round
 * @param ports told only where one of them has an error
 */
record Ingress(String ip, String hostname, List<Port> ports) {
    /** What became of one port; {@code error} is "" where all is well. */
    record Port(Slot slot, String error) {}

    Ingress {
        ports = List.copyOf(ports);
    }

    static Ingress at(String ip) {
        return new Ingress(ip, "", List.of());
    }

    static Ingress named(String hostname) {
        return new Ingress("", hostname, List.of());
    }

    Ingress withPorts(List<Port> newPorts) {
        return new Ingress(ip, hostname, newPorts);
    }

    static List<Ingress> all(JsonNode service) {
        List<Ingress> found = new ArrayList<>();
        for (JsonNode entry : service.path("status").path("loadBalancer").path("ingress")) {
            List<Port> ports = new ArrayList<>();
            for (JsonNode port : entry.path("ports")) {
                Slot slot = new Slot(
                        BalancedService.protocol(port), port.path("port").intValue(0));
                ports.add(new Port(slot, port.path("error").stringValue("")));
            }
            found.add(new Ingress(
                    entry.path("ip").stringValue(""), entry.path("hostname").stringValue(""), ports));
        }
        return found;
    }

    void writeTo(ArrayNode list) {
        ObjectNode entry = list.addObject();
        if (!ip.isEmpty()) {
            entry.put("ip", ip);
        }
        if (!hostname.isEmpty()) {
            entry.put("hostname", hostname);
        }
        for (Port port : ports) {
            ObjectNode written = entry.withArray("ports")
                    .addObject()
                    .put("port", port.slot.number())
                    .put("protocol", port.slot.protocol().name());
            if (!port.error.isEmpty()) {
                written.put("error", port.error);
            }
        }
    }
}
