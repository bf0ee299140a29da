package io.jollyboat.controllers;

import io.jollyboat.controllers.Endpoint.Answer;
import io.jollyboat.controllers.EndpointSlice.Group;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Decides what stands in the slices of a Service that selects Pods (KEP-752, KEP-1672, KEP-2433, KEP-3015). */
final class ServiceEndpoints {
    static final String MANAGER = "endpointslice-controller.k8s.io";

    private static final String SAME_NODE = "PreferSameNode";
    private static final Set<String> NEAR = Set.of("PreferClose", "PreferSameZone", SAME_NODE);

    private ServiceEndpoints() {}

    /**
     * The endpoints of a Service, by family and ports.
     *
     * @param pods those that it selects
     * @param nodes finds a node by its name
     */
    static Map<Group, List<Endpoint>> of(Service service, List<Pod> pods, Function<String, Optional<Node>> nodes) {
        Map<Group, List<Endpoint>> found = new LinkedHashMap<>();
        for (Pod pod : pods) {
            Optional<Node> node = nodes.apply(pod.nodeName());
            if (pod.finished() || node.isEmpty() && !service.publishNotReady()) {
                continue;
            }
            List<EndpointPort> ports = service.portsOn(pod);
            for (String family : service.families()) {
                pod.backend()
                        .address(family)
                        .ifPresent(address -> found.computeIfAbsent(
                                        new Group(family, ports), group -> new ArrayList<>())
                                .add(endpoint(
                                        service,
                                        pod,
                                        address,
                                        node.map(Node::zone).orElse(""))));
            }
        }
        return found;
    }

    /** The labels that its slices have: its own, but for those that say whose slices they are. */
    static Slices.Outline outline(Service service) {
        Map<String, String> labels = new HashMap<>(service.labels());
        labels.remove(Service.HEADLESS);
        labels.put(EndpointSlice.SERVICE_NAME, service.metadata().key().name());
        labels.put(EndpointSlice.MANAGED_BY, MANAGER);
        if (service.headless()) {
            labels.put(Service.HEADLESS, "");
        }
        return new Slices.Outline(labels, Map.of());
    }

    /** The newest change that is known to have led to these endpoints. */
    static Instant trigger(Service service, List<Pod> pods) {
        Instant newest = service.created();
        for (Pod pod : pods) {
            newest = pod.readySince().isAfter(newest) ? pod.readySince() : newest;
        }
        return newest;
    }

    private static Endpoint endpoint(Service service, Pod pod, String address, String zone) {
        boolean going = pod.metadata().deleting();
        boolean ready = service.publishNotReady() || pod.ready() && !going;
        String distribution = ready ? service.distribution() : "";
        return new Endpoint(
                List.of(address),
                new Endpoint.State(Answer.of(ready), Answer.of(pod.ready()), Answer.of(going)),
                service.hostname(pod),
                pod.nodeName(),
                zone,
                Endpoint.reference(pod),
                NEAR.contains(distribution) ? some(zone) : List.of(),
                distribution.equals(SAME_NODE) ? some(pod.nodeName()) : List.of());
    }

    private static List<String> some(String name) {
        return name.isEmpty() ? List.of() : List.of(name);
    }
}
