package io.jollyboat.controllers.scheduler;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import tools.jackson.databind.JsonNode;

/**
 * All nodes with the Pods that are placed on them. It is changed room by room, and with a room change two indexes:
 * where Pods of the same labels lie, so that a selector is asked once for all of them, and which nodes have Pods that
 * want others far from them, mostly none. So a Pod's wishes about other Pods cost what is meant by them, not what there
 * is in the cluster.
 *
 * <p>It belongs to one thread.
 */
final class Situation {
    /** Pods that no wish about Pods can tell apart. */
    record Kin(String namespace, JsonNode labels, boolean deleting) {
        static Kin of(PodFacts pod) {
            return new Kin(pod.key().namespace(), pod.labels(), pod.deleting());
        }
    }

    private final NavigableMap<String, Room> rooms = new TreeMap<>();
    private final Map<Kin, Map<String, Integer>> kin = new HashMap<>(); // by node, how many
    private final Map<String, Room> aloof = new TreeMap<>(); // rooms with Pods that want others far
    private List<Room> ordered = List.of(); // the rooms, as long as it is current
    private final Map<String, Integer> places = new HashMap<>(); // of the rooms in ordered
    private boolean current = true;

    static Situation of(Collection<NodeFacts> nodes, Collection<PodFacts> pods) {
        Map<String, List<PodFacts>> byNode = new HashMap<>();
        for (PodFacts pod : pods) {
            if (pod.placed()) {
                byNode.computeIfAbsent(pod.nodeName(), name -> new ArrayList<>())
                        .add(pod);
            }
        }
        Situation situation = new Situation();
        nodes.forEach(node -> situation.put(Room.of(node, byNode.getOrDefault(node.name(), List.of()))));
        return situation;
    }

    /** All rooms in the order of their nodes' names, so that equal situations give equal decisions. */
    List<Room> rooms() {
        if (!current) {
            ordered = new ArrayList<>(rooms.values());
            places.clear();
            for (int i = 0; i < ordered.size(); i++) {
                places.put(ordered.get(i).node().name(), i);
            }
            current = true;
        }
        return ordered;
    }

    Optional<Room> room(String node) {
        return Optional.ofNullable(rooms.get(node));
    }

    /** Rooms with Pods that want others far from them. */
    Collection<Room> aloof() {
        return aloof.values();
    }

    /** Each sort of Pods that there is, with how many of them lie on which nodes. */
    void eachKin(BiConsumer<Kin, Map<String, Integer>> visitor) {
        kin.forEach(visitor);
    }

    /** A node is there, or its content has changed. */
    void put(Room room) {
        String name = room.node().name();
        Room before = rooms.put(name, room);
        if (before == null) {
            current = false;
        } else {
            count(before, -1);
            Integer place = places.get(name);
            if (current && place != null) {
                ordered.set(place, room);
            }
        }
        count(room, 1);
        if (room.pods().stream().anyMatch(pod -> !pod.affinity().far().isEmpty())) {
            aloof.put(name, room);
        } else {
            aloof.remove(name);
        }
    }

    /** A node is gone, whatever lies on it. */
    void remove(String node) {
        Room before = rooms.remove(node);
        if (before != null) {
            count(before, -1);
            aloof.remove(node);
            current = false;
        }
    }

    private void count(Room room, int by) {
        String node = room.node().name();
        for (PodFacts pod : room.pods()) {
            kin.compute(Kin.of(pod), (kind, places) -> {
                Map<String, Integer> counts = places == null ? new HashMap<>() : places;
                counts.merge(node, by, (a, b) -> a + b == 0 ? null : a + b);
                return counts.isEmpty() ? null : counts;
            });
        }
    }
}
