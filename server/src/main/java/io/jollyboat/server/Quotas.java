package io.jollyboat.server;

import io.jollyboat.api.Quantity;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.quota.Quota;
import io.jollyboat.api.quota.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Refuses what would take more than the namespace's ResourceQuotas allow. What is taken is counted anew each time, from
 * the objects themselves; between the count and the write nobody else may count in that namespace, so that two writes
 * cannot both take what is left. (Several servers over one store would have to share that lock.)
 *
 * <p>Source: Kubernetes concepts, "Resource Quotas".
 */
final class Quotas implements Step {
    private static final Resource QUOTA = Resources.kind("v1", "ResourceQuota");

    /** Changes of these may take more; of all others only creations do. */
    private static final Map<String, Set<String>> GROWING =
            Map.of("pods", Set.of("resize"), "services", Set.of(""), "persistentvolumeclaims", Set.of(""));

    private static final Set<String> UNCOUNTED = Set.of("events", "events.events.k8s.io");
    private static final Set<String> REQUIRED =
            Set.of("cpu", "memory", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory");
    private static final int LOCKS = 64;

    private final Storage storage;
    private final List<ReentrantLock> locks =
            IntStream.range(0, LOCKS).mapToObj(each -> new ReentrantLock()).toList();

    Quotas(Storage storage) {
        this.storage = storage;
    }

    @Override
    public void take(Write write) {
        boolean grows = write.creates()
                || GROWING.getOrDefault(write.kind(), Set.of())
                        .contains(write.target().subresource());
        if (!grows || !write.resource().namespaced() || UNCOUNTED.contains(write.kind())) {
            return;
        }
        String namespace = write.target().namespace();
        if (storage.all(QUOTA, namespace).isEmpty()) {
            return;
        }
        ReentrantLock lock = locks.get(Math.floorMod(namespace.hashCode(), LOCKS));
        lock.lock();
        write.settle(lock::unlock, lock::unlock);
        Usage usage = Usage.of(write.resource(), write.after());
        List<Usage> present = storage.all(write.resource(), namespace).stream()
                .map(object -> Usage.of(write.resource(), object))
                .toList();
        for (ObjectNode object : storage.all(QUOTA, namespace)) {
            Quota quota = Quota.of(object);
            if (quota.counts(usage)) {
                check(write, quota, usage, present);
            }
        }
    }

    private static void check(Write write, Quota quota, Usage usage, List<Usage> present) {
        if (write.isCreationOf("pods")) {
            checkComplete(write, quota);
        }
        Map<String, Quantity> more = new TreeMap<>(quota.limited(usage));
        write.before()
                .map(before -> Usage.of(write.resource(), before))
                .filter(quota::counts)
                .ifPresent(before -> quota.limited(before)
                        .forEach((name, amount) -> more.computeIfPresent(name, (n, wanted) -> wanted.minus(amount))));
        more.values().removeIf(amount -> amount.isZero() || amount.isNegative());
        if (more.isEmpty()) {
            return;
        }
        Map<String, Quantity> used = quota.used(present);
        Set<String> exceeded = more.keySet().stream()
                .filter(name -> amount(used, name).plus(amount(more, name)).compareTo(amount(quota.hard(), name)) > 0)
                .collect(Collectors.toCollection(TreeSet::new));
        if (!exceeded.isEmpty()) {
            throw StatusException.forbidden(
                    write.target(),
                    "exceeded quota: %s, requested: %s, used: %s, limited: %s"
                            .formatted(
                                    quota.name(),
                                    text(more, exceeded),
                                    text(used, exceeded),
                                    text(quota.hard(), exceeded)));
        }
    }

    /** Where cpu or memory is limited, each container must say how much of it it takes. */
    private static void checkComplete(Write write, Quota quota) {
        Map<String, Set<String>> missing = new TreeMap<>();
        JsonNode spec = write.after().path("spec");
        for (String limit : quota.hard().keySet()) {
            if (!REQUIRED.contains(limit)) {
                continue;
            }
            String list = limit.startsWith("limits.") ? "limits" : "requests";
            String name = limit.substring(limit.indexOf('.') + 1);
            Set<String> silent = new TreeSet<>(silent(spec.path("containers"), list, name));
            silent.addAll(silent(spec.path("initContainers"), list, name));
            if (!silent.isEmpty()) {
                missing.put(limit, silent);
            }
        }
        if (!missing.isEmpty()) {
            List<String> words = new ArrayList<>();
            missing.forEach((limit, names) -> words.add(limit + " for: " + String.join(",", names)));
            throw StatusException.forbidden(
                    write.target(),
                    "failed quota: %s: must specify %s".formatted(quota.name(), String.join("; ", words)));
        }
    }

    /** The containers that do not say how much they take. */
    private static Set<String> silent(JsonNode containers, String list, String name) {
        return containers
                .valueStream()
                .filter(container -> !container.path("resources").path(list).has(name))
                .map(container -> container.path("name").asString(""))
                .collect(Collectors.toSet());
    }

    private static Quantity amount(Map<String, Quantity> amounts, String name) {
        return amounts.getOrDefault(name, Quantity.ZERO);
    }

    private static String text(Map<String, Quantity> amounts, Set<String> names) {
        return names.stream().map(name -> name + "=" + amounts.get(name)).collect(Collectors.joining(","));
    }
}
