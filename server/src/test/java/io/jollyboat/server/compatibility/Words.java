package io.jollyboat.server.compatibility;

import io.jollyboat.api.Resource;
import io.jollyboat.api.kinds.Parts;
import io.jollyboat.api.kinds.TextTable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is said of kinds in words: the table {@code words.txt}. */
final class Words {
    private static final Map<String, List<List<String>>> TABLE = TextTable.sections(Words.class, "words.txt");

    private Words() {}

    /** The sentences under a heading that is no kind. */
    static List<String> sentences(String heading) {
        return TABLE.getOrDefault(heading, List.of()).stream()
                .map(row -> String.join(" ", row))
                .toList();
    }

    /** What each check asks, by its name. */
    static Map<String, String> checks() {
        Map<String, String> checks = new LinkedHashMap<>();
        TABLE.getOrDefault("checks", List.of()).forEach(row -> checks.put(row.getFirst(), row.get(1)));
        return checks;
    }

    static List<String> acts(Resource resource) {
        return said(resource, "acts");
    }

    static List<String> lacks(Resource resource) {
        return said(resource, "lacks");
    }

    private static List<String> said(Resource resource, String what) {
        return rows(resource).stream()
                .filter(row -> row.getFirst().equals(what))
                .map(row -> row.get(1))
                .toList();
    }

    /** The checks that are known to fail, with the reason. */
    static Map<String, String> incomplete(Resource resource) {
        Map<String, String> incomplete = new LinkedHashMap<>();
        rows(resource).stream()
                .filter(row -> row.getFirst().equals("incomplete"))
                .forEach(row -> incomplete.put(row.get(1), row.get(2)));
        return incomplete;
    }

    private static List<List<String>> rows(Resource resource) {
        return TABLE.getOrDefault(Parts.subject(resource), List.of());
    }
}
