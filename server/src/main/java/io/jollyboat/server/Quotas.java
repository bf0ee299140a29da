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
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/**
 * Refuses what would take more than the namespace's ResourceQuotas allow. What is taken is not read from their status,
 * which follows later, but known from the objects themselves, in a {@link Ledger}; a write costs the same however many
 * objects there are. One server over one store: several would have to share what is reserved (docs/decisions/0011).
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
    /** Namespaces share these, so that who counts in one seldom waits for another. */
    private static final int LEDGERS = 64;

    private final Storage storage;
    private final List<Ledger> ledgers;

    Quotas(Storage storage) {
        this.storage = storage;
        this.ledgers = IntStream.range(0, LEDGERS)
                .mapToObj(each -> new Ledger(storage))
                .toList();
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
        List<Quota> quotas = quotas(namespace);
        if (quotas.isEmpty()) {
            return;
        }
        Usage growth = growth(write);
        if (write.isCreationOf("pods")) {
            quotas.stream().filter(quota -> quota.counts(growth)).forEach(quota -> checkComplete(write, quota));
        }
        if (quotas.stream().allMatch(quota -> more(quota, growth).isEmpty())) {
            return;
        }
        Runnable ended = ledgers.get(Math.floorMod(namespace.hashCode(), LEDGERS))
                .reserve(
                        write.resource(),
                        namespace,
                        growth,
                        (stored, reserved) -> quotas(namespace).stream()
                                .allMatch(quota -> isRoom(write, quota, growth, stored, reserved)));
        write.settle(ended, ended);
    }

    private List<Quota> quotas(String namespace) {
        return storage.all(QUOTA, namespace).stream().map(Quota::of).toList();
    }

    /** What the object takes after the write, and did not before. */
    private static Usage growth(Write write) {
        Usage after = Usage.of(write.resource(), write.after());
        Map<String, Quantity> more = new TreeMap<>(after.amounts());
        write.before()
                .map(before -> Usage.of(write.resource(), before))
                .ifPresent(before -> before.amounts()
                        .forEach((name, amount) -> more.computeIfPresent(name, (n, wanted) -> wanted.minus(amount))));
        more.values().removeIf(amount -> amount.isZero() || amount.isNegative());
        return new Usage(more, after.scopes(), after.priorityClass());
    }

    /** What it takes of what the quota limits. */
    private static Map<String, Quantity> more(Quota quota, Usage growth) {
        return quota.counts(growth) ? quota.limited(growth) : Map.of();
    }

    private static boolean isRoom(Write write, Quota quota, Usage growth, List<Usage> stored, List<Usage> reserved) {
        Map<String, Quantity> more = more(quota, growth);
        if (more.isEmpty()) {
            return true;
        }
        Map<String, Quantity> used = quota.used(stored);
        Set<String> exceeded = exceeded(quota, more, used);
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
        Map<String, Quantity> together = quota.used(reserved);
        used.forEach((name, amount) -> together.merge(name, amount, Quantity::plus));
        return exceeded(quota, more, together).isEmpty();
    }

    private static Set<String> exceeded(Quota quota, Map<String, Quantity> more, Map<String, Quantity> used) {
        return more.keySet().stream()
                .filter(name -> amount(used, name).plus(amount(more, name)).compareTo(amount(quota.hard(), name)) > 0)
                .collect(Collectors.toCollection(TreeSet::new));
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
