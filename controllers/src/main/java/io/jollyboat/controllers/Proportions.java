package io.jollyboat.controllers;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Spreads a change of a Deployment's size over the sets of a rollout under way, so that it goes on at the ratio that
 * it had reached.
 *
 * <p>Example: of 10 wanted Pods with a surge of 5 the old set has 10 and the new one 5. Scaled to 20 there may be 25:
 * 10 more, of which the old set gets 10 · 25/15 - 10 ≈ 7 and the new one 5 · 25/15 - 5 ≈ 3.
 */
final class Proportions {
    private Proportions() {}

    /** The active sets with their new sizes and the annotations that tell them. */
    static List<ReplicaSet> scaled(Deployment deployment, List<ReplicaSet> active) {
        int total = active.stream().mapToInt(ReplicaSet::replicas).sum();
        int allowed = deployment.replicas() == 0 ? 0 : deployment.replicas() + deployment.surge();
        int toAdd = allowed - total;
        Comparator<ReplicaSet> largest =
                Comparator.comparing(ReplicaSet::replicas).reversed();
        List<ReplicaSet> order = new ArrayList<>(active);
        order.sort(
                toAdd > 0
                        ? largest.thenComparing(Revisions.OLDEST_FIRST.reversed())
                        : largest.thenComparing(Revisions.OLDEST_FIRST));
        int added = 0;
        List<Integer> sizes = new ArrayList<>();
        for (ReplicaSet set : order) {
            int share = share(deployment, set, toAdd, added);
            added += share;
            sizes.add(set.replicas() + share);
        }
        List<ReplicaSet> changed = new ArrayList<>();
        for (int i = 0; i < order.size(); i++) {
            int leftover = i == 0 && toAdd != 0 ? toAdd - added : 0;
            changed.add(Rollout.sized(deployment, order.get(i), Math.max(0, sizes.get(i) + leftover)));
        }
        return changed;
    }

    private static int share(Deployment deployment, ReplicaSet set, int toAdd, int added) {
        if (set.replicas() == 0 || toAdd == 0 || toAdd == added) {
            return 0;
        }
        int fraction = fraction(deployment, set);
        int left = toAdd - added;
        return toAdd > 0 ? Math.min(fraction, left) : Math.max(fraction, left);
    }

    private static int fraction(Deployment deployment, ReplicaSet set) {
        if (deployment.replicas() == 0) {
            return -set.replicas();
        }
        long before = Revisions.number(set.annotations().getOrDefault(Revisions.MOST, ""));
        if (before == 0) {
            before = deployment.status().replicas();
        }
        if (before == 0) {
            return 0;
        }
        double most = deployment.replicas() + deployment.surge();
        return (int) Math.round(set.replicas() * most / before) - set.replicas();
    }
}
