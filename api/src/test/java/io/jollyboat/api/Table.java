package io.jollyboat.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads the tables of the tests. Lines that begin with {@code #} are comments.
 *
 * <p>{@link #rows} reads one row a line with columns between {@code |}. {@link #cases} reads longer cases: a line
 * {@code == name} begins one, a line {@code word:} begins a part of it, which ends where the next begins; short parts
 * may stand on the same line.
 */
public final class Table {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(tools.jackson.core.json.JsonReadFeature.ALLOW_UNQUOTED_PROPERTY_NAMES)
            .enable(tools.jackson.core.json.JsonReadFeature.ALLOW_SINGLE_QUOTES)
            .build();

    private Table() {}

    /** A case with its parts, in order; a part that comes again has a number after it: {@code intent}, {@code intent2}. */
    public record Case(String name, Map<String, String> parts) {
        public boolean has(String part) {
            return parts.containsKey(part);
        }

        public String text(String part) {
            String text = parts.get(part);
            if (text == null) {
                throw new IllegalArgumentException("case '" + name + "' has no part " + part);
            }
            return text;
        }

        public JsonNode json(String part) {
            return Table.json(text(part));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** JSON that may leave out the quotes of names and may use single quotes. */
    public static JsonNode json(String text) {
        return MAPPER.readTree(text);
    }

    public static List<List<String>> rows(Class<?> test, String file) {
        List<List<String>> rows = new ArrayList<>();
        for (String line : lines(test, file)) {
            if (!line.isBlank()) {
                List<String> row = new ArrayList<>();
                for (String column : line.split("\\|", -1)) {
                    row.add(column.strip());
                }
                rows.add(row);
            }
        }
        if (rows.isEmpty()) {
            throw new IllegalStateException(file + " has no rows");
        }
        return rows;
    }

    public static List<Case> cases(Class<?> test, String file) {
        List<Case> cases = new ArrayList<>();
        String part = "";
        for (String line : lines(test, file)) {
            if (line.startsWith("== ")) {
                cases.add(new Case(line.substring(3).strip(), new LinkedHashMap<>()));
            } else if (line.matches("[a-z]\\w*:( .*)?")) {
                Map<String, String> parts = cases.getLast().parts();
                part = free(parts, line.substring(0, line.indexOf(':')));
                parts.put(part, line.substring(line.indexOf(':') + 1).strip());
            } else if (!line.isBlank()) {
                String text = line.strip();
                cases.getLast().parts().merge(part, text, (a, b) -> a.isEmpty() ? b : a + "\n" + b);
            }
        }
        if (cases.isEmpty()) {
            throw new IllegalStateException(file + " has no cases");
        }
        return cases;
    }

    private static String free(Map<String, String> parts, String word) {
        String name = word;
        for (int i = 2; parts.containsKey(name); i++) {
            name = word + i;
        }
        return name;
    }

    private static List<String> lines(Class<?> test, String file) {
        try (InputStream in = test.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException(file + " is missing beside " + test.getName());
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
