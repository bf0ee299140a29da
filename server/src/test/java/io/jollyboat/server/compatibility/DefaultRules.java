package io.jollyboat.server.compatibility;

import io.jollyboat.api.Resource;
import io.jollyboat.api.kinds.Parts;
import io.jollyboat.api.kinds.TextTable;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Whether the server's tables fill in something of a kind or of a part that kinds share, such as a Pod template. */
final class DefaultRules {
    private static final Map<String, List<List<String>>> PARTS = TextTable.sections(Parts.class, "parts.txt");
    private static final List<Map<String, List<List<String>>>> TABLES =
            List.of(TextTable.sections(Parts.class, "defaults.txt"), TextTable.sections(Parts.class, "creation.txt"));

    private DefaultRules() {}

    static boolean fillIn(Resource resource) {
        return subjects(resource).stream()
                .anyMatch(subject -> TABLES.stream().anyMatch(table -> table.containsKey(subject)));
    }

    /** The kind and all parts that stand anywhere in it. */
    private static Set<String> subjects(Resource resource) {
        Set<String> found = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(List.of(Parts.subject(resource)));
        while (!open.isEmpty()) {
            String subject = open.pop();
            if (found.add(subject)) {
                PARTS.forEach((part, places) -> places.stream()
                        .filter(place -> place.getFirst().equals(subject))
                        .forEach(place -> open.push(part)));
            }
        }
        return found;
    }
}
