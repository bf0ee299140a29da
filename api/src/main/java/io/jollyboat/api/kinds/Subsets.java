package io.jollyboat.api.kinds;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The canonical form of an Endpoints' subsets: each address stands once for a set of ports, addresses with the same
 * ports stand together, and all is sorted, so that equal content is equal text.
 */
final class Subsets {
    private static final Comparator<JsonNode> BY_PORT = Comparator.<JsonNode>comparingInt(
                    port -> port.path("port").asInt(0))
            .thenComparing(port -> port.path("protocol").asString(""))
            .thenComparing(port -> port.path("name").asString(""));
    private static final Comparator<JsonNode> BY_ADDRESS = Comparator.<JsonNode, String>comparing(
                    address -> address.path("ip").asString(""))
            .thenComparing(address -> address.path("targetRef").path("uid").asString(""));

    /** An address with the ports on which it answers. */
    private record Answering(JsonNode address, boolean ready, List<JsonNode> ports) {
        String key() {
            return address.path("ip").asString("") + " "
                    + address.path("targetRef").path("uid").asString("");
        }
    }

    private Subsets() {}

    static void repack(ObjectNode endpoints) {
        if (!(endpoints.get("subsets") instanceof ArrayNode subsets)) {
            return;
        }
        Map<String, List<Answering>> byPorts = new TreeMap<>();
        for (Answering each : byAddress(subsets)) {
            byPorts.computeIfAbsent(each.ports().toString(), key -> new ArrayList<>())
                    .add(each);
        }
        ArrayNode packed = endpoints.putArray("subsets");
        for (List<Answering> group : byPorts.values()) {
            ObjectNode subset = packed.addObject();
            putAddresses(
                    subset, "addresses", group.stream().filter(Answering::ready).toList());
            putAddresses(
                    subset,
                    "notReadyAddresses",
                    group.stream().filter(a -> !a.ready()).toList());
            if (!group.getFirst().ports().isEmpty()) {
                subset.putArray("ports").addAll(group.getFirst().ports());
            }
        }
    }

    /** Ports of equal addresses come together; an address that is not ready somewhere counts apart. */
    private static List<Answering> byAddress(ArrayNode subsets) {
        Map<String, Answering> found = new TreeMap<>();
        for (JsonNode subset : subsets) {
            List<JsonNode> ports = new ArrayList<>();
            subset.path("ports").forEach(ports::add);
            for (boolean ready : List.of(true, false)) {
                for (JsonNode address : subset.path(ready ? "addresses" : "notReadyAddresses")) {
                    Answering one = new Answering(address, ready, sorted(ports, List.of()));
                    found.merge(
                            one.key() + ready,
                            one,
                            (a, b) -> new Answering(a.address(), ready, sorted(a.ports(), b.ports())));
                }
            }
        }
        return List.copyOf(found.values());
    }

    private static List<JsonNode> sorted(List<JsonNode> some, List<JsonNode> more) {
        List<JsonNode> all = new ArrayList<>(some);
        all.addAll(more);
        return all.stream().distinct().sorted(BY_PORT).toList();
    }

    private static void putAddresses(ObjectNode subset, String field, List<Answering> group) {
        if (!group.isEmpty()) {
            List<JsonNode> addresses =
                    group.stream().map(Answering::address).sorted(BY_ADDRESS).toList();
            subset.putArray(field).addAll(addresses);
        }
    }
}
