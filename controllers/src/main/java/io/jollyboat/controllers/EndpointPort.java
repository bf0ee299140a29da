package io.jollyboat.controllers;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A port of an EndpointSlice or of Endpoints.
 *
 * @param number 0 for every port
 */
record EndpointPort(String name, String protocol, int number, String appProtocol) {
    static List<EndpointPort> all(JsonNode ports) {
        List<EndpointPort> found = new ArrayList<>(ports.size());
        for (JsonNode port : ports) {
            found.add(new EndpointPort(
                    port.path("name").stringValue(""),
                    port.path("protocol").stringValue("TCP"),
                    port.path("port").intValue(0),
                    port.path("appProtocol").stringValue("")));
        }
        return List.copyOf(found);
    }

    /** As EndpointSlices have it: the name always stands there. */
    ObjectNode json() {
        ObjectNode node = Merge.object().put("name", name).put("protocol", protocol);
        if (number != 0) {
            node.put("port", number);
        }
        if (!appProtocol.isEmpty()) {
            node.put("appProtocol", appProtocol);
        }
        return node;
    }

    /** As Endpoints have it: a port without a name has none. */
    ObjectNode legacyJson() {
        ObjectNode node = json();
        if (name.isEmpty()) {
            node.remove("name");
        }
        return node;
    }
}
