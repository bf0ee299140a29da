package io.jollyboat.controllers;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Decides what stands in the Endpoints object of a Service that selects Pods. */
final class ServiceSubsets {
    /** More than so many addresses do not stand in one object; which is said in an annotation. */
    static final int MOST_ADDRESSES = 1000;

    static final String MANAGED_BY = "endpoints.kubernetes.io/managed-by";
    static final String MANAGER = "endpoint-controller";

    private ServiceSubsets() {}

    /**
     * The addresses by the ports on which they answer.
     *
     * @param pods those that the Service selects
     */
    static List<Endpoints.Subset> of(Service service, List<Pod> pods) {
        Map<List<EndpointPort>, List<Endpoints.Address>> ready = new LinkedHashMap<>();
        Map<List<EndpointPort>, List<Endpoints.Address>> notReady = new LinkedHashMap<>();
        for (Pod pod : pods) {
            Optional<String> address = pod.backend().address(service.families().getFirst());
            List<EndpointPort> ports = service.portsOn(pod);
            boolean left = pod.finished() || pod.metadata().deleting() && !service.publishNotReady();
            boolean portless =
                    ports.isEmpty() && !(service.headless() && service.ports().isEmpty());
            if (address.isEmpty() || left || portless) {
                continue;
            }
            Endpoints.Address entry = new Endpoints.Address(
                    address.get(), service.hostname(pod), pod.nodeName(), Endpoint.reference(pod));
            boolean counts = service.publishNotReady() || pod.ready();
            ready.computeIfAbsent(ports, key -> new ArrayList<>());
            (counts ? ready : notReady)
                    .computeIfAbsent(ports, key -> new ArrayList<>())
                    .add(entry);
        }
        List<Endpoints.Subset> subsets = new ArrayList<>();
        ready.forEach((ports, addresses) ->
                subsets.add(new Endpoints.Subset(ports, addresses, notReady.getOrDefault(ports, List.of()))));
        return Endpoints.inOrder(subsets);
    }

    static boolean overCapacity(List<Endpoints.Subset> subsets) {
        return subsets.stream()
                        .mapToInt(subset ->
                                subset.ready().size() + subset.notReady().size())
                        .sum()
                > MOST_ADDRESSES;
    }

    /** At most as many as there may be, those that are ready before all others. */
    static List<Endpoints.Subset> limited(List<Endpoints.Subset> subsets) {
        int room = MOST_ADDRESSES;
        List<List<Endpoints.Address>> ready = new ArrayList<>();
        for (Endpoints.Subset subset : subsets) {
            List<Endpoints.Address> some = first(subset.ready(), room);
            room -= some.size();
            ready.add(some);
        }
        List<Endpoints.Subset> limited = new ArrayList<>();
        for (int i = 0; i < subsets.size(); i++) {
            List<Endpoints.Address> some = first(subsets.get(i).notReady(), room);
            room -= some.size();
            if (!ready.get(i).isEmpty() || !some.isEmpty()) {
                limited.add(new Endpoints.Subset(subsets.get(i).ports(), ready.get(i), some));
            }
        }
        return List.copyOf(limited);
    }

    /** The labels of its Endpoints: its own, and who cares for them. */
    static Map<String, String> labels(Service service) {
        Map<String, String> labels = new HashMap<>(service.labels());
        labels.remove(Service.HEADLESS);
        labels.put(MANAGED_BY, MANAGER);
        if (service.headless()) {
            labels.put(Service.HEADLESS, "");
        }
        return labels;
    }

    private static List<Endpoints.Address> first(List<Endpoints.Address> addresses, int room) {
        return addresses.subList(0, Math.min(addresses.size(), room));
    }
}
