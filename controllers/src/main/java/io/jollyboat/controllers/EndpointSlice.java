package io.jollyboat.controllers;

import io.jollyboat.api.Meta;
import io.jollyboat.client.Index;
import io.jollyboat.client.Key;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** What the controllers of endpoints need of an EndpointSlice. */
record EndpointSlice(
        Metadata metadata,
        String resourceVersion,
        Map<String, String> labels,
        Map<String, String> annotations,
        Group group,
        List<Endpoint> endpoints)
        implements Mirrored {
    static final String IPV4 = "IPv4";
    static final String IPV6 = "IPv6";
    static final String SERVICE_NAME = "kubernetes.io/service-name";
    static final String MANAGED_BY = "endpointslice.kubernetes.io/managed-by";

    /** Slices by the Service that their label names, written as its key. */
    static final Index<EndpointSlice> BY_SERVICE =
            new Index<>("service", slice -> List.of(slice.service().toString()));

    /**
     * What all endpoints of a slice have in common.
     *
     * @param family {@code IPv4}, {@code IPv6} or {@code FQDN}
     */
    record Group(String family, List<EndpointPort> ports) {
        Group {
            ports = List.copyOf(ports);
        }
    }

    EndpointSlice {
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
        endpoints = List.copyOf(endpoints);
    }

    static EndpointSlice of(ObjectNode object) {
        return new EndpointSlice(
                Metadata.of(object),
                Meta.resourceVersion(object),
                Meta.labels(object),
                Meta.annotations(object),
                new Group(object.path("addressType").stringValue(""), EndpointPort.all(object.path("ports"))),
                Endpoint.all(object.path("endpoints")));
    }

    /** The Service that it belongs to, by its label; the name is "" where it has none. */
    Key service() {
        return new Key(metadata.key().namespace(), labels.getOrDefault(SERVICE_NAME, ""));
    }

    boolean managedBy(String controller) {
        return controller.equals(labels.get(MANAGED_BY));
    }
}
