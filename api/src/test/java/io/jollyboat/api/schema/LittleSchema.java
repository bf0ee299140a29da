package io.jollyboat.api.schema;

import io.jollyboat.api.Table;
import io.jollyboat.api.schema.Field.Apply;
import io.jollyboat.api.schema.Field.Strategic;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** The schema of {@code little.txt}: small enough to keep in mind while reading a test. */
public final class LittleSchema {
    private static final Map<String, Type.Struct> TYPES = read();

    private LittleSchema() {}

    public static Type.Struct thing() {
        return TYPES.get("Thing");
    }

    private static Map<String, Type.Struct> read() {
        Map<String, Type.Struct> types = new HashMap<>();
        for (Table.Case section : Table.cases(LittleSchema.class, "little.txt")) {
            String[] words = section.name().split(" ");
            List<String> lines = section.parts().get("").lines().toList();
            types.put(words[0], new Type.Struct(words[0], words.length > 1, () -> fields(lines)));
        }
        return types;
    }

    private static Map<String, Field> fields(List<String> lines) {
        Map<String, Field> fields = new LinkedHashMap<>();
        for (String line : lines) {
            String[] words = line.split(" ");
            fields.put(words[0], field(words[0], type(words[1]), marks(words)));
        }
        return fields;
    }

    private static Map<String, String> marks(String[] words) {
        return Arrays.stream(words)
                .skip(2)
                .collect(Collectors.toMap(
                        word -> word.replaceAll("=.*", ""), word -> word.substring(word.indexOf('=') + 1)));
    }

    private static Field field(String name, Type type, Map<String, String> marks) {
        Strategic strategic = new Strategic(
                marks.containsKey("merge"),
                marks.getOrDefault("merge", ""),
                marks.containsKey("retain"),
                marks.containsKey("replace"));
        Optional<JsonNode> fallback = Optional.ofNullable(marks.get("default")).map(Table::json);
        List<String> keys = marks.containsKey("map") ? List.of(marks.get("map").split(",")) : List.of();
        return new Field(
                name, type, false, strategic, apply(type, marks), keys, fallback, !marks.containsKey("always"));
    }

    private static Apply apply(Type type, Map<String, String> marks) {
        if (marks.containsKey("set")) {
            return Apply.SET;
        }
        if (marks.containsKey("map")) {
            return Apply.MAP;
        }
        boolean atomic = marks.containsKey("atomic") || type instanceof Type.ListOf || type == Type.Scalar.ANY;
        return atomic || type instanceof Type.Struct struct && struct.atomic() ? Apply.ATOMIC : Apply.GRANULAR;
    }

    private static Type type(String text) {
        if (text.startsWith("[")) {
            return new Type.ListOf(type(text.substring(1, text.length() - 1)));
        }
        if (text.startsWith("{")) {
            return new Type.MapOf(type(text.substring(1, text.length() - 1)));
        }
        return switch (text) {
            case "string" -> Type.Scalar.STRING;
            case "int" -> Type.Scalar.INT32;
            case "bool" -> Type.Scalar.BOOLEAN;
            case "any" -> Type.Scalar.ANY;
            default -> TYPES.get(text);
        };
    }
}
