package io.jollyboat.network;

import io.jollyboat.client.Key;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the table needs of an EndpointSlice.
 *
 * @param service whose endpoints these are; its name is "" where the label is missing
 * @param endpoints none where the addresses are no IP addresses
 */
public record EndpointSlice(Key key, Key service, List<Endpoint> endpoints) {
    /** The label that ties a slice to its Service. */
    public static final String SERVICE_NAME = "kubernetes.io/service-name";

    public EndpointSlice {
        endpoints = List.copyOf(endpoints);
    }

    /**
     * The projection of a discovery.k8s.io/v1 object. Conditions that are unknown read as the API reference tells:
     * ready counts as true, serving as ready, terminating as false. Of several addresses the first counts.
     */
    public static EndpointSlice of(ObjectNode object) {
        Key key = Key.of(object);
        Key service = new Key(
                key.namespace(),
                object.path("metadata").path("labels").path(SERVICE_NAME).stringValue(""));
        List<EndpointPort> ports = new ArrayList<>();
        for (JsonNode port : object.path("ports")) {
            ports.add(new EndpointPort(
                    port.path("name").stringValue(""),
                    Protocol.of(port.path("protocol").stringValue("TCP")),
                    port.path("port").intValue(0)));
        }
        List<Endpoint> endpoints = new ArrayList<>();
        if (!object.path("addressType").stringValue("").equals("FQDN")) {
            for (JsonNode endpoint : object.path("endpoints")) {
                endpoints.add(endpoint(endpoint, ports));
            }
        }
        return new EndpointSlice(key, service, endpoints);
    }

    private static Endpoint endpoint(JsonNode endpoint, List<EndpointPort> ports) {
        JsonNode conditions = endpoint.path("conditions");
        boolean ready = conditions.path("ready").booleanValue(true);
        return new Endpoint(
                endpoint.path("addresses").path(0).stringValue(""),
                endpoint.path("hostname").stringValue(""),
                ports,
                ready,
                conditions.path("serving").booleanValue(ready),
                conditions.path("terminating").booleanValue(false),
                endpoint.path("nodeName").stringValue(""),
                endpoint.path("zone").stringValue(""),
                names(endpoint.path("hints").path("forZones")),
                names(endpoint.path("hints").path("forNodes")));
    }

    private static Set<String> names(JsonNode list) {
        Set<String> names = new HashSet<>();
        for (JsonNode entry : list) {
            names.add(entry.path("name").stringValue(""));
        }
        return names;
    }

    @Override
    public String toString() {
        return key.toString();
    }
}
