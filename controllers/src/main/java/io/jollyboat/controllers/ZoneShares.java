package io.jollyboat.controllers;

import io.jollyboat.controllers.Endpoint.Answer;
import io.jollyboat.controllers.EndpointSlice.Group;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Decides which zone's traffic each endpoint is meant for where a Service asks for it ({@code topology-mode: Auto},
 * KEP-2433). Each zone gets endpoints in proportion to the processors of its nodes, its own ones first. There are no
 * hints at all where that cannot be done well: with fewer than two zones, with a node or an endpoint whose zone is not
 * known, or where a zone would have over a fifth more traffic for each endpoint than it ought to.
 */
final class ZoneShares {
    /** On a Service; the second name is the older one. */
    static final List<String> ANNOTATIONS =
            List.of("service.kubernetes.io/topology-mode", "service.kubernetes.io/topology-aware-hints");

    private static final double MOST_OVERLOAD = 1.2;

    /** The part of all processors that each zone has; empty where hints are not to be given. */
    private final Map<String, Double> parts = new TreeMap<>();

    /** @param nodes all of the cluster */
    ZoneShares(Collection<Node> nodes) {
        Map<String, Long> processors = new TreeMap<>();
        for (Node node : nodes) {
            if (node.controlPlane() || !node.condition(Node.READY).equals("True")) {
                continue;
            }
            if (node.zone().isEmpty() || node.milliProcessors() == 0) {
                return;
            }
            processors.merge(node.zone(), node.milliProcessors(), Long::sum);
        }
        long all = processors.values().stream().mapToLong(Long::longValue).sum();
        if (processors.size() > 1) {
            processors.forEach((zone, some) -> parts.put(zone, (double) some / all));
        }
    }

    /** The endpoints with the hints that are theirs; those that are not ready have none. */
    Map<Group, List<Endpoint>> hinted(Map<Group, List<Endpoint>> groups) {
        Map<Group, List<Endpoint>> hinted = new LinkedHashMap<>(groups);
        groups.keySet().stream().map(Group::family).distinct().forEach(family -> hint(family, hinted));
        return hinted;
    }

    private void hint(String family, Map<Group, List<Endpoint>> groups) {
        List<Endpoint> ready = new ArrayList<>();
        groups.forEach((group, endpoints) -> {
            if (group.family().equals(family)) {
                endpoints.stream().filter(ZoneShares::isReady).forEach(ready::add);
            }
        });
        Map<Endpoint, String> zones = share(ready);
        groups.replaceAll((group, endpoints) -> group.family().equals(family)
                ? endpoints.stream()
                        .map(endpoint -> endpoint.forZone(zones.getOrDefault(endpoint, "")))
                        .toList()
                : endpoints);
    }

    private static boolean isReady(Endpoint endpoint) {
        return endpoint.state().ready() == Answer.YES;
    }

    private double part(String zone) {
        return parts.getOrDefault(zone, 0.0);
    }

    /** Empty where no good share is found. */
    private Map<Endpoint, String> share(List<Endpoint> endpoints) {
        Map<String, Integer> least = new TreeMap<>();
        parts.forEach((zone, part) -> least.put(zone, (int) Math.ceil(part * endpoints.size() / MOST_OVERLOAD)));
        int spare = endpoints.size()
                - least.values().stream().mapToInt(Integer::intValue).sum();
        if (parts.isEmpty()
                || spare < 0
                || endpoints.stream().anyMatch(endpoint -> !parts.containsKey(endpoint.zone()))) {
            return Map.of();
        }
        Map<Endpoint, String> zones = new LinkedHashMap<>();
        Map<String, Integer> given = new TreeMap<>();
        List<Endpoint> left = new ArrayList<>();
        for (Endpoint endpoint : endpoints) {
            String own = endpoint.zone();
            long fair = Math.max(least.getOrDefault(own, 0), Math.round(part(own) * endpoints.size()));
            if (given.getOrDefault(own, 0) < fair) {
                zones.put(endpoint, own);
                given.merge(own, 1, Integer::sum);
            } else {
                left.add(endpoint);
            }
        }
        for (Endpoint endpoint : left) {
            String neediest = parts.keySet().stream()
                    .min(Comparator.comparingDouble(zone -> given.getOrDefault(zone, 0) / part(zone)))
                    .orElseThrow();
            zones.put(endpoint, neediest);
            given.merge(neediest, 1, Integer::sum);
        }
        boolean enough =
                least.entrySet().stream().allMatch(entry -> given.getOrDefault(entry.getKey(), 0) >= entry.getValue());
        return enough ? zones : Map.of();
    }
}
