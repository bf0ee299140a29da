package io.jollyboat.api.fields;

import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What patches and apply do, told as plainly as can be: an object is its leaves, each with a value, and a manager is
 * the set of leaves that it owns. A leaf is named as in fieldsV1: {@code f:metadata f:finalizers v:"a"}. An element of a list is
 * a leaf of its own, without a value, that those inside it begin with.
 */
final class PlainModel {
    final Map<String, String> leaves = new TreeMap<>();
    final Map<String, Set<String>> owners = new TreeMap<>();

    /** @return the leaves in conflict, when there are any and nothing has happened */
    Set<String> apply(String manager, Map<String, String> intent, boolean force) {
        Set<String> conflicts = new TreeSet<>();
        intent.forEach((leaf, value) -> {
            boolean others = owners.entrySet().stream()
                    .anyMatch(other ->
                            !other.getKey().equals(manager) && other.getValue().contains(leaf));
            if (others && !value.equals(leaves.get(leaf))) {
                conflicts.add(leaf);
            }
        });
        if (!conflicts.isEmpty() && !force) {
            return conflicts;
        }
        Set<String> before = Optional.ofNullable(owners.get(manager)).orElse(Set.of());
        conflicts.forEach(leaf -> owners.values().forEach(owned -> owned.remove(leaf)));
        owners.put(manager, new HashSet<>(intent.keySet()));
        leaves.putAll(intent);
        for (String leaf : before) {
            if (owners.values().stream().noneMatch(owned -> owned.contains(leaf))) {
                leaves.remove(leaf);
            }
        }
        tidy();
        return Set.of();
    }

    /** What an update changes, all others lose and the updater owns. @param change leaves, and what is empty goes */
    void update(String manager, Map<String, Optional<String>> change) {
        change.forEach((leaf, value) -> {
            if (!value.equals(Optional.ofNullable(leaves.get(leaf)))) {
                owners.values().forEach(owned -> owned.remove(leaf));
                value.ifPresentOrElse(
                        wanted -> {
                            leaves.put(leaf, wanted);
                            owners.computeIfAbsent(manager, m -> new HashSet<>())
                                    .add(leaf);
                        },
                        () -> leaves.remove(leaf));
            }
        });
        tidy();
    }

    private void tidy() {
        owners.values().removeIf(Set::isEmpty);
    }
}
