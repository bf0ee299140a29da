package io.jollyboat.controllers;

import io.jollyboat.controllers.Endpoint.Answer;
import io.jollyboat.controllers.EndpointSlice.Group;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Decides what stands in the slices that mirror Endpoints which somebody wrote for a Service without selector. */
final class MirroredEndpoints {
    /** Of one subset; further addresses are not mirrored. A slice takes as many. */
    static final int MOST_ADDRESSES = 1000;

    static final String MANAGER = "endpointslicemirroring-controller.k8s.io";

    private static final String SKIP_MIRROR = "endpointslice.kubernetes.io/skip-mirror";
    private static final String LEADER = "control-plane.alpha.kubernetes.io/leader";
    private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

    private MirroredEndpoints() {}

    /** Whether they may be mirrored at all; those that hold a lock for leaders are none. */
    static boolean wanted(Endpoints endpoints) {
        return !endpoints.metadata().deleting()
                && !"true".equals(endpoints.labels().get(SKIP_MIRROR))
                && !endpoints.annotations().containsKey(LEADER);
    }

    static Map<Group, List<Endpoint>> of(Endpoints endpoints) {
        Map<Group, List<Endpoint>> found = new LinkedHashMap<>();
        for (Endpoints.Subset subset : endpoints.subsets()) {
            int room = MOST_ADDRESSES;
            room -= add(found, subset.ports(), subset.ready(), Answer.YES, room);
            add(found, subset.ports(), subset.notReady(), Answer.NO, room);
        }
        return found;
    }

    static Slices.Outline outline(Endpoints endpoints) {
        Map<String, String> labels = new HashMap<>(endpoints.labels());
        labels.put(EndpointSlice.SERVICE_NAME, endpoints.metadata().key().name());
        labels.put(EndpointSlice.MANAGED_BY, MANAGER);
        Map<String, String> annotations = new HashMap<>(endpoints.annotations());
        annotations.keySet().removeAll(List.of(Slices.Outline.TRIGGER_TIME, LAST_APPLIED));
        return new Slices.Outline(labels, annotations);
    }

    private static int add(
            Map<Group, List<Endpoint>> found,
            List<EndpointPort> ports,
            List<Endpoints.Address> addresses,
            Answer ready,
            int room) {
        int count = Math.min(addresses.size(), room);
        for (Endpoints.Address address : addresses.subList(0, count)) {
            Endpoint endpoint = new Endpoint(
                    List.of(address.ip()),
                    new Endpoint.State(ready, Answer.UNSAID, Answer.UNSAID),
                    address.hostname(),
                    address.nodeName(),
                    "",
                    address.about(),
                    List.of(),
                    List.of());
            found.computeIfAbsent(new Group(Backend.family(address.ip()), ports), group -> new ArrayList<>())
                    .add(endpoint);
        }
        return count;
    }
}
