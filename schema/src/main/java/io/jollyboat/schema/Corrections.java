package io.jollyboat.schema;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What {@code corrections.txt} adds to the published sources; definitions by their short names ({@code core.v1.Pod}). */
final class Corrections {
    private final Map<String, String> scalars = new LinkedHashMap<>();
    private final Set<String> lists = new LinkedHashSet<>();
    private final Set<String> kinds = new LinkedHashSet<>();
    private final Map<String, String> inline = new LinkedHashMap<>();
    private final Map<String, List<String>> marks = new LinkedHashMap<>();
    private final Set<String> unused = new LinkedHashSet<>();

    static Corrections read() {
        Corrections read = new Corrections();
        Published.lines("corrections.txt").forEach(read::line);
        return read;
    }

    private void line(String line) {
        String[] word = line.split(" ");
        switch (word[0]) {
            case "scalar" -> scalars.put(word[1], word[2]);
            case "list" -> lists.add(word[1]);
            case "kind" -> kinds.add(word[1]);
            case "inline" -> inline.put(word[1], word[2]);
            case "pointer", "value", "always", "omitted" -> {
                for (int i = 2; i < word.length; i++) {
                    mark(word[1] + "." + word[i], word[0]);
                }
            }
            case "values" -> {
                for (int i = 2; i < word.length; i++) {
                    mark(word[i], "values=" + word[1]);
                }
            }
            case "mark" -> mark(word[1], word[2]);
            default -> throw new IllegalStateException("corrections.txt: what is \"" + line + "\"?");
        }
    }

    private void mark(String field, String mark) {
        marks.computeIfAbsent(field, f -> new ArrayList<>()).add(mark);
        unused.add(field);
    }

    Optional<String> scalar(String definition) {
        return Optional.ofNullable(scalars.get(brief(definition)));
    }

    boolean isList(String definition) {
        return lists.contains(brief(definition));
    }

    boolean isKind(String definition) {
        return kinds.contains(brief(definition));
    }

    boolean isInline(String definition, String field) {
        return field.equals(inline.get(brief(definition)));
    }

    List<String> marks(String definition, String field) {
        String key = brief(definition) + "." + field;
        unused.remove(key);
        return marks.getOrDefault(key, List.of());
    }

    /** Corrections that met no field: the sources have moved on. */
    Set<String> unused() {
        return Set.copyOf(unused);
    }

    /** {@code core.v1.Pod} of {@code io.k8s.api.core.v1.Pod}, {@code resource.Quantity} where there is no version. */
    private static String brief(String definition) {
        String[] part = definition.split("\\.");
        int from = part[part.length - 2].matches("v\\d+.*") ? part.length - 3 : part.length - 2;
        return String.join(".", List.of(part).subList(from, part.length));
    }
}
