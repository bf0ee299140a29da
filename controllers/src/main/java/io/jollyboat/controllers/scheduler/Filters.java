package io.jollyboat.controllers.scheduler;

import io.jollyboat.controllers.Taint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What rules a node out for a Pod, with the words in which Kubernetes' scheduler says it. The list {@link #ALL} is
 * gone through in order, and the first objection counts; only {@link #fits} may name several things.
 */
final class Filters {
    /** Objections of one filter to a Pod on a node; none means that the node will do. */
    interface Filter {
        List<String> objections(PodFacts pod, Room room, Company company);
    }

    static final List<Filter> ALL = List.of(
            Filters::isSchedulable,
            Filters::isTolerated,
            Filters::matchesAffinity,
            Filters::hasFreePorts,
            Filters::fits,
            Filters::isSpread,
            Filters::isNearAndFar);

    /** Objections that no eviction of other Pods would remove. */
    private static final List<Filter> FINAL =
            List.of(Filters::isSchedulable, Filters::isTolerated, Filters::matchesAffinity);

    private static final Taint CORDON = new Taint("node.kubernetes.io/unschedulable", "", Taint.NO_SCHEDULE, "");

    private Filters() {}

    static List<String> objections(PodFacts pod, Room room, Company company) {
        return first(ALL, pod, room, company);
    }

    static boolean couldEverDo(PodFacts pod, Room room, Company company) {
        return first(FINAL, pod, room, company).isEmpty();
    }

    private static List<String> first(List<Filter> filters, PodFacts pod, Room room, Company company) {
        for (Filter filter : filters) {
            List<String> found = filter.objections(pod, room, company);
            if (!found.isEmpty()) {
                return found;
            }
        }
        return List.of();
    }

    private static List<String> isSchedulable(PodFacts pod, Room room, Company company) {
        return room.node().unschedulable() && pod.tolerations().stream().noneMatch(t -> t.tolerates(CORDON))
                ? List.of("node(s) were unschedulable")
                : List.of();
    }

    private static List<String> isTolerated(PodFacts pod, Room room, Company company) {
        return untolerated(pod, room.node())
                .map(taint -> List.of("node(s) had untolerated taint {" + taint.key() + ": " + taint.value() + "}"))
                .orElse(List.of());
    }

    static Optional<Taint> untolerated(PodFacts pod, NodeFacts node) {
        if (node.taints().isEmpty()) {
            return Optional.empty();
        }
        return node.taints().stream()
                .filter(taint -> taint.effect().equals(Taint.NO_SCHEDULE) || taint.evicts())
                .filter(taint -> pod.tolerations().stream().noneMatch(t -> t.tolerates(taint)))
                .findFirst();
    }

    private static List<String> matchesAffinity(PodFacts pod, Room room, Company company) {
        return wants(pod, room.node()) ? List.of() : List.of("node(s) didn't match Pod's node affinity/selector");
    }

    static boolean wants(PodFacts pod, NodeFacts node) {
        PodFacts.Affinity affinity = pod.affinity();
        return affinity.nodeSelector().matches(node.labels())
                && affinity.nodeRequired().map(terms -> terms.match(node)).orElse(true);
    }

    private static List<String> hasFreePorts(PodFacts pod, Room room, Company company) {
        for (String wanted : pod.hostPorts()) {
            for (PodFacts other : room.pods()) {
                if (other.hostPorts().stream().anyMatch(taken -> clash(wanted, taken))) {
                    return List.of("node(s) didn't have free ports for the requested pod ports");
                }
            }
        }
        return List.of();
    }

    private static boolean clash(String one, String other) {
        String[] a = one.split("/");
        String[] b = other.split("/");
        boolean sameAddress = a[1].equals(b[1]) || a[1].equals("0.0.0.0") || b[1].equals("0.0.0.0");
        return a[0].equals(b[0]) && a[2].equals(b[2]) && sameAddress;
    }

    private static List<String> fits(PodFacts pod, Room room, Company company) {
        List<String> lacking = new ArrayList<>();
        pod.requests().of().forEach((resource, amount) -> {
            long left = room.node().allocatable().get(resource) - room.taken().get(resource);
            if (amount > left) {
                lacking.add(resource.equals(Amounts.PODS) ? "Too many pods" : "Insufficient " + resource);
            }
        });
        return lacking;
    }

    /** A domain may hold at most {@code maxSkew} more than the emptiest one, the Pod itself counted. */
    private static List<String> isSpread(PodFacts pod, Room room, Company company) {
        for (Spread spread : pod.spreads()) {
            if (!spread.mustHold()) {
                continue;
            }
            String domain = room.node().domain(spread.topologyKey());
            if (domain.isEmpty()) {
                return List.of("node(s) didn't match pod topology spread constraints (missing required label)");
            }
            long self = spread.selector().matches(pod.labels()) ? 1 : 0;
            if (company.spread(spread).getOrDefault(domain, 0L) + self - company.emptiest(spread) > spread.maxSkew()) {
                return List.of("node(s) didn't match pod topology spread constraints");
            }
        }
        return List.of();
    }

    private static List<String> isNearAndFar(PodFacts pod, Room room, Company company) {
        for (PodTerm term : pod.affinity().near()) {
            if (!near(pod, term, room.node(), company)) {
                return List.of("node(s) didn't match pod affinity rules");
            }
        }
        for (PodTerm term : pod.affinity().far()) {
            String domain = room.node().domain(term.topologyKey());
            if (!domain.isEmpty() && company.meant(term).getOrDefault(domain, 0L) > 0) {
                return List.of("node(s) didn't match pod anti-affinity rules");
            }
        }
        return company.repels(room.node())
                ? List.of("node(s) didn't satisfy existing pods anti-affinity rules")
                : List.of();
    }

    /** The first Pod of a group that wants to be together may lie anywhere: it is its own company. */
    private static boolean near(PodFacts pod, PodTerm term, NodeFacts node, Company company) {
        String domain = node.domain(term.topologyKey());
        if (domain.isEmpty()) {
            return false;
        }
        Map<String, Long> counts = company.meant(term);
        return counts.getOrDefault(domain, 0L) > 0 || counts.isEmpty() && term.means(pod);
    }
}
