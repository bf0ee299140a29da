package io.jollyboat.schema;

import io.jollyboat.schema.Definition.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes the tables that {@code api} ships; the one argument is the build directory, where they go to {@code tables}. */
public final class Generator {
    private static final String TABLE = "schema.txt";
    private static final String DESCRIPTIONS = "descriptions.txt";

    private Generator() {}

    public static void main(String[] arguments) throws IOException {
        Path target = Path.of(arguments[0]);
        Path directory = target.resolve("tables/io/jollyboat/api/schema");
        Path stamp = target.resolve("tables-stamp");
        String inputs = Inputs.digest();
        boolean fresh = Files.exists(directory.resolve(TABLE))
                && Files.exists(stamp)
                && Files.readString(stamp).equals(inputs);
        if (fresh) {
            return;
        }
        List<Definition> definitions = definitions();
        Files.createDirectories(directory);
        String descriptions = descriptions(definitions);
        String table = table(definitions);
        String edition = "= " + Inputs.digest(table, descriptions) + "\n";
        Files.writeString(directory.resolve(TABLE), edition + table);
        Files.writeString(directory.resolve(DESCRIPTIONS), descriptions);
        Files.writeString(stamp, inputs);
    }

    static List<Definition> definitions() {
        Corrections corrections = Corrections.read();
        TableBuilder builder = new TableBuilder(corrections);
        Map<String, Definition> written = unpublished();
        for (Source source : Source.all()) {
            if (source.file().equals("-")) {
                written.values().stream()
                        .filter(d -> d.home().equals(source.definitions() + "."))
                        .forEach(d -> builder.add(d, source));
            } else {
                builder.add(source, Published.messages(source.file()));
            }
        }
        List<Definition> built = builder.build();
        if (!corrections.unused().isEmpty()) {
            throw new IllegalStateException("corrections.txt names fields that no source has: " + corrections.unused());
        }
        return built.stream().sorted(Comparator.comparing(Definition::name)).toList();
    }

    private static String table(List<Definition> definitions) {
        StringBuilder text = new StringBuilder();
        for (Source source : Source.all()) {
            if (!source.groupVersion().equals("-")) {
                text.append("@ ").append(source.groupVersion()).append(' ').append(source.definitions());
                text.append('\n');
            }
        }
        definitions.forEach(d -> text.append(d.text()));
        return text.toString();
    }

    private static String descriptions(List<Definition> definitions) {
        StringBuilder text = new StringBuilder();
        definitions.forEach(d -> text.append(d.descriptions()));
        return text.toString();
    }

    private static Map<String, Definition> unpublished() {
        Map<String, Definition> found = new LinkedHashMap<>();
        Definition current = new Definition("", List.of(), "", List.of());
        for (String line : Published.lines("unpublished.txt")) {
            String[] halves = line.strip().split(" ; ", 2);
            List<String> word = List.of(halves[0].split(" "));
            if (line.startsWith(" ")) {
                List<Row> rows = new ArrayList<>(current.rows());
                rows.add(row(word, current.home()).described(halves.length > 1 ? halves[1] : ""));
                current = new Definition(current.name(), current.marks(), "", rows);
            } else {
                current = new Definition(word.getFirst(), word.subList(1, word.size()), "", List.of());
            }
            found.put(current.name(), current);
        }
        return found;
    }

    private static Row row(List<String> word, String home) {
        int number = Integer.parseInt(word.get(2).substring(1));
        String type = word.get(1);
        String element = type.startsWith("[") || type.startsWith("{") ? type.substring(1) : type;
        boolean near = Character.isUpperCase(element.charAt(0));
        String full = near ? type.substring(0, type.length() - element.length()) + home + element : type;
        return new Row(word.get(0), full, number, word.subList(3, word.size()), "");
    }
}
