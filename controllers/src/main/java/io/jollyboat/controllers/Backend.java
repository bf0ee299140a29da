package io.jollyboat.controllers;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * What Services need of a Pod besides its labels and its state.
 *
 * @param addresses one for each family, the main one first
 * @param ports those with a name: of the containers, then of the init containers that go on running beside them
 */
record Backend(List<String> addresses, String hostname, String subdomain, List<NamedPort> ports) {
    record NamedPort(String name, String protocol, int number) {}

    Backend {
        addresses = List.copyOf(addresses);
        ports = List.copyOf(ports);
    }

    static Backend of(JsonNode pod) {
        JsonNode spec = pod.path("spec");
        JsonNode status = pod.path("status");
        Set<String> addresses = new LinkedHashSet<>();
        add(addresses, status.path("podIP"));
        status.path("podIPs").forEach(entry -> add(addresses, entry.path("ip")));
        List<NamedPort> ports = new ArrayList<>();
        spec.path("containers").forEach(container -> add(ports, container));
        for (JsonNode container : spec.path("initContainers")) {
            if (container.path("restartPolicy").stringValue("").equals("Always")) {
                add(ports, container);
            }
        }
        return new Backend(
                List.copyOf(addresses),
                spec.path("hostname").stringValue(""),
                spec.path("subdomain").stringValue(""),
                ports);
    }

    /** Its address of a family, {@code IPv4} or {@code IPv6}. */
    Optional<String> address(String family) {
        for (String address : addresses) {
            if (family(address).equals(family)) {
                return Optional.of(address);
            }
        }
        return Optional.empty();
    }

    /** The number behind a name; the first container that has it counts. */
    Optional<Integer> number(String name, String protocol) {
        for (NamedPort port : ports) {
            if (port.name.equals(name) && port.protocol.equals(protocol)) {
                return Optional.of(port.number);
            }
        }
        return Optional.empty();
    }

    static String family(String address) {
        return address.indexOf(':') < 0 ? EndpointSlice.IPV4 : EndpointSlice.IPV6;
    }

    private static void add(Set<String> addresses, JsonNode address) {
        String text = address.stringValue("");
        if (!text.isEmpty()) {
            addresses.add(text);
        }
    }

    private static void add(List<NamedPort> ports, JsonNode container) {
        for (JsonNode port : container.path("ports")) {
            String name = port.path("name").stringValue("");
            if (!name.isEmpty()) {
                ports.add(new NamedPort(
                        name,
                        port.path("protocol").stringValue("TCP"),
                        port.path("containerPort").intValue(0)));
            }
        }
    }
}
