package io.jollyboat.controllers;

import io.jollyboat.api.OwnerReference;
import io.jollyboat.client.Change;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The Pods of each namespace in groups of those that no budget can tell apart: the same labels under the same
 * controller. Changes move the counts, so a budget adds up a few groups instead of looking at every Pod.
 */
final class PodGroups {
    private final ReentrantLock lock = new ReentrantLock(); // guards the groups
    private final Map<String, Map<Sort, Group>> groups = new HashMap<>(); // by namespace

    private record Sort(Map<String, String> labels, Optional<OwnerReference> controller) {
        static Sort of(Pod pod) {
            return new Sort(pod.labels(), pod.metadata().controller());
        }
    }

    /**
     * Pods that are alike.
     *
     * @param healthy those of them that are ready and stay
     */
    record Group(Map<String, String> labels, Optional<OwnerReference> controller, int pods, int healthy) {
        static Group of(Pod pod) {
            boolean stays = pod.ready() && !pod.metadata().deleting();
            return new Group(pod.labels(), pod.metadata().controller(), 1, stays ? 1 : 0);
        }

        private Group plus(Group more) {
            return new Group(labels, controller, pods + more.pods, healthy + more.healthy);
        }

        private Group minus(Group less) {
            return new Group(labels, controller, pods - less.pods, healthy - less.healthy);
        }
    }

    /** Takes in what became of a Pod. */
    void changed(Change<Pod> change) {
        lock.lock();
        try {
            Map<Sort, Group> here = groups.computeIfAbsent(change.key().namespace(), namespace -> new HashMap<>());
            change.present().ifPresent(pod -> here.merge(Sort.of(pod), Group.of(pod), Group::plus));
            change.previous()
                    .ifPresent(pod -> here.computeIfPresent(Sort.of(pod), (sort, group) -> {
                        Group left = group.minus(Group.of(pod));
                        return left.pods() == 0 ? null : left;
                    }));
            if (here.isEmpty()) {
                groups.remove(change.key().namespace());
            }
        } finally {
            lock.unlock();
        }
    }

    /** The groups that a budget covers. */
    List<Group> covered(Budget budget) {
        String namespace = budget.metadata().key().namespace();
        lock.lock();
        try {
            return groups.getOrDefault(namespace, Map.of()).values().stream()
                    .filter(group -> budget.selector().matches(group.labels()))
                    .toList();
        } finally {
            lock.unlock();
        }
    }
}
