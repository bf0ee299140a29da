package io.jollyboat.controllers;

import io.jollyboat.api.Meta;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the controllers of endpoints need of an Endpoints object.
 *
 * @param subsets in an order of our own, so that equal content is equal
 */
record Endpoints(
        Metadata metadata,
        String resourceVersion,
        Map<String, String> labels,
        Map<String, String> annotations,
        List<Subset> subsets)
        implements Mirrored {

    /**
     * @param about {@code targetRef}, field by field; empty for none
     */
    record Address(String ip, String hostname, String nodeName, Map<String, String> about) {
        Address {
            about = Map.copyOf(about);
        }

        private static List<Address> all(JsonNode addresses) {
            List<Address> found = new ArrayList<>(addresses.size());
            for (JsonNode entry : addresses) {
                found.add(new Address(
                        entry.path("ip").stringValue(""),
                        entry.path("hostname").stringValue(""),
                        entry.path("nodeName").stringValue(""),
                        Endpoint.reference(entry.path("targetRef"))));
            }
            return found;
        }

        private ObjectNode json() {
            ObjectNode node = Merge.object().put("ip", ip);
            Endpoint.text(node, "hostname", hostname);
            Endpoint.text(node, "nodeName", nodeName);
            if (!about.isEmpty()) {
                about.forEach(node.putObject("targetRef")::put);
            }
            return node;
        }
    }

    /** Addresses that answer on the same ports. */
    record Subset(List<EndpointPort> ports, List<Address> ready, List<Address> notReady) {
        private static final Comparator<EndpointPort> BY_NUMBER = Comparator.comparingInt(EndpointPort::number)
                .thenComparing(EndpointPort::protocol)
                .thenComparing(EndpointPort::name);
        private static final Comparator<Address> BY_IP =
                Comparator.comparing(Address::ip).thenComparing(address -> address.about.getOrDefault("uid", ""));

        Subset {
            ports = ports.stream().sorted(BY_NUMBER).toList();
            ready = ready.stream().sorted(BY_IP).toList();
            notReady = notReady.stream().sorted(BY_IP).toList();
        }

        private ObjectNode json() {
            ObjectNode node = Merge.object();
            addresses(node, "addresses", ready);
            addresses(node, "notReadyAddresses", notReady);
            if (!ports.isEmpty()) {
                ArrayNode array = node.putArray("ports");
                ports.forEach(port -> array.add(port.legacyJson()));
            }
            return node;
        }

        private static void addresses(ObjectNode node, String field, List<Address> addresses) {
            if (!addresses.isEmpty()) {
                ArrayNode array = node.putArray(field);
                addresses.forEach(address -> array.add(address.json()));
            }
        }
    }

    Endpoints {
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
        subsets = inOrder(subsets);
    }

    static Endpoints of(ObjectNode object) {
        List<Subset> subsets = new ArrayList<>();
        for (JsonNode entry : object.path("subsets")) {
            subsets.add(new Subset(
                    EndpointPort.all(entry.path("ports")),
                    Address.all(entry.path("addresses")),
                    Address.all(entry.path("notReadyAddresses"))));
        }
        return new Endpoints(
                Metadata.of(object),
                Meta.resourceVersion(object),
                Meta.labels(object),
                Meta.annotations(object),
                subsets);
    }

    static List<Subset> inOrder(List<Subset> subsets) {
        return subsets.stream()
                .sorted(Comparator.comparing(subset -> subset.ports.toString()))
                .toList();
    }

    /** The field {@code subsets}; removed where there are none. */
    static void put(ObjectNode patch, List<Subset> subsets) {
        if (subsets.isEmpty()) {
            patch.putNull("subsets");
            return;
        }
        ArrayNode array = patch.putArray("subsets");
        subsets.forEach(subset -> array.add(subset.json()));
    }
}
