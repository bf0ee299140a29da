package io.jollyboat.controllers.scheduler;

import io.jollyboat.client.Change;
import io.jollyboat.client.Index;
import io.jollyboat.client.Key;
import io.jollyboat.client.Mirror;
import io.jollyboat.client.Snapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Keeps the situation up to date. The mirrors' listeners only note which nodes a change concerns; before it decides, the
 * loop furnishes the rooms of these nodes anew from what the mirrors show. So nothing is replayed, nothing can be
 * missed, and a change costs its node, not the cluster.
 *
 * <p>Two sorts of Pods lie in a room that the mirror does not show there: those that were bound a moment ago, and those
 * for which room is being made.
 */
final class Floor {
    /** Pods that take up room, by their nodes. */
    static final Index<PodFacts> BY_NODE =
            new Index<>("node", pod -> pod.placed() ? List.of(pod.nodeName()) : List.of());

    private final Mirror<PodFacts> pods;
    private final Mirror<NodeFacts> nodes;
    private final Situation situation = new Situation();
    private final Set<String> changed = ConcurrentHashMap.newKeySet();

    /** Pods that were bound, until the mirror shows it, and those for which room is being made; both on their nodes. */
    private final Map<Key, PodFacts> bound = new ConcurrentHashMap<>();

    private final Map<Key, PodFacts> expected = new HashMap<>(); // of the loop's thread

    Floor(Mirror<PodFacts> pods, Mirror<NodeFacts> nodes) {
        this.pods = pods;
        this.nodes = nodes;
        nodes.onChange(change -> changed.add(change.key().name()));
        pods.onChange(this::podChanged);
    }

    private void podChanged(Change<PodFacts> change) {
        change.versions().stream()
                .map(PodFacts::nodeName)
                .filter(node -> !node.isEmpty())
                .forEach(changed::add);
        Optional.ofNullable(bound.get(change.key())).ifPresent(pod -> changed.add(pod.nodeName()));
    }

    /** The situation as it is now. Only the loop's thread may ask, and read it. */
    Situation current() {
        for (String node : List.copyOf(changed)) {
            changed.remove(node); // first: what changes from here on is for the next time
            furnish(node);
        }
        return situation;
    }

    private void furnish(String name) {
        Optional<NodeFacts> node = nodes.snapshot().get(Key.clusterScoped(name));
        Snapshot<PodFacts> shown = pods.snapshot();
        bound.values().removeIf(pod -> pod.nodeName().equals(name) && isShown(pod, shown));
        if (node.isEmpty()) {
            situation.remove(name);
            return;
        }
        List<PodFacts> content = new ArrayList<>(shown.in(BY_NODE, name));
        bound.values().stream().filter(pod -> pod.nodeName().equals(name)).forEach(content::add);
        expected.values().stream().filter(pod -> pod.nodeName().equals(name)).forEach(content::add);
        situation.put(Room.of(node.get(), content));
    }

    /** Whether the mirror knows what became of a Pod that was bound. */
    private static boolean isShown(PodFacts pod, Snapshot<PodFacts> shown) {
        return shown.get(pod.key())
                .filter(now -> now.uid().equals(pod.uid()) && now.nodeName().isEmpty() && !now.finished())
                .isEmpty();
    }

    boolean isBound(PodFacts pod) {
        PodFacts there = bound.get(pod.key());
        return there != null && there.uid().equals(pod.uid());
    }

    /** Counts a Pod as placed from now on; whoever cannot bind it after all takes that back with {@link #clear}. */
    void place(PodFacts pod, String node) {
        put(bound, pod.on(node));
    }

    /** Keeps room for a Pod until it is bound, or {@link #clear}ed. */
    void expect(PodFacts pod, String node) {
        put(expected, pod.on(node));
    }

    private void put(Map<Key, PodFacts> ahead, PodFacts placed) {
        ahead.put(placed.key(), placed);
        situation.room(placed.nodeName()).ifPresent(room -> situation.put(room.with(placed)));
    }

    void clear(PodFacts pod) {
        PodFacts there = bound.get(pod.key());
        if (there != null && there.uid().equals(pod.uid())) {
            bound.remove(pod.key());
            furnish(there.nodeName());
        }
    }

    /** No longer keeps room for those Pods, and says for which it did. */
    List<PodFacts> stopExpecting(Predicate<PodFacts> which) {
        if (expected.isEmpty()) {
            return List.of();
        }
        List<PodFacts> stopped = expected.values().stream().filter(which).toList();
        stopped.forEach(pod -> {
            expected.remove(pod.key());
            furnish(pod.nodeName());
        });
        return stopped;
    }
}
