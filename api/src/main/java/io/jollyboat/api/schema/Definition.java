package io.jollyboat.api.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One type as the schema table has it: what JSON, protobuf and OpenAPI need to know of it.
 *
 * @param scalar set where JSON writes the whole message as one value
 * @param list JSON writes the message as the list of texts that it holds
 * @param atomic server-side apply replaces such a struct whole
 */
public record Definition(String name, Optional<Type.Scalar> scalar, boolean list, boolean atomic, List<Row> rows) {
    /** How a field holds its element. */
    public enum Shape {
        ONE,
        LIST,
        MAP
    }

    /**
     * One field.
     *
     * @param element a word for a plain type ({@code string}) or the name of a definition
     * @param number in protobuf, 0 where it has none
     * @param pointer Go tells unset from zero
     * @param always Go writes it even when it is zero
     * @param inline JSON shows the element's fields in this place
     * @param list {@code ""}, {@code atomic}, {@code set} or {@code map}: the list or map type as marked
     * @param defaultJson "" for none
     * @param values the closed set that it is from, empty for an open one
     */
    public record Row(
            String name,
            Shape shape,
            String element,
            int number,
            boolean required,
            boolean pointer,
            boolean always,
            boolean inline,
            Field.Strategic strategic,
            String list,
            List<String> keys,
            String defaultJson,
            List<String> values) {
        public Row {
            keys = List.copyOf(keys);
            values = List.copyOf(values);
        }

        /** Whether the element is a definition of the table rather than a plain type. */
        public boolean isReference() {
            return element.indexOf('.') >= 0;
        }
    }

    public Definition {
        rows = List.copyOf(rows);
    }

    /** Whether it is a kind: an object that says its kind and apiVersion itself. */
    public boolean isKind() {
        return rows.stream().anyMatch(r -> r.number() == 0 && r.name().equals("kind"));
    }

    /** Reads the lines of one definition, as the schema module writes them. */
    static Definition parse(List<String> lines) {
        String[] head = lines.getFirst().split(" ");
        String home = head[0].substring(0, head[0].lastIndexOf('.') + 1);
        Optional<Type.Scalar> scalar = Optional.empty();
        boolean list = false;
        boolean atomic = false;
        for (String mark : head) {
            scalar = mark.startsWith("scalar=") ? Optional.of(Type.Scalar.valueOf(mark.substring(7))) : scalar;
            list |= mark.equals("list");
            atomic |= mark.equals("atomic");
        }
        List<Row> rows = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            rows.add(row(line.substring(1).split(" "), home));
        }
        return new Definition(head[0], scalar, list, atomic, rows);
    }

    private static Row row(String[] word, String home) {
        Shape shape = word[1].startsWith("[") ? Shape.LIST : word[1].startsWith("{") ? Shape.MAP : Shape.ONE;
        String type = shape == Shape.ONE ? word[1] : word[1].substring(1);
        String element = Character.isUpperCase(type.charAt(0)) ? home + type : type;
        Marks marks = new Marks(word);
        boolean required = marks.has("!");
        boolean pointer = marks.has("*");
        return new Row(
                word[0],
                shape,
                element,
                marks.number(),
                required,
                pointer,
                marks.has("always") || !pointer && !marks.has("omitted") && (required || isStruct(shape, element)),
                marks.has("inline"),
                marks.strategic(),
                marks.listType(),
                marks.values("keys="),
                marks.value("default=").orElse(""),
                marks.values("values="));
    }

    /** A value of a Go struct, which is written unless a pointer to it is nil: {@code resource.Quantity}. */
    private static boolean isStruct(Shape shape, String element) {
        return shape == Shape.ONE && element.indexOf('.') >= 0;
    }

    /** The words of a row after its name and type. */
    private record Marks(String[] words) {
        boolean has(String mark) {
            for (int i = 2; i < words.length; i++) {
                if (words[i].equals(mark)) {
                    return true;
                }
            }
            return false;
        }

        Optional<String> value(String prefix) {
            for (int i = 2; i < words.length; i++) {
                if (words[i].startsWith(prefix)) {
                    return Optional.of(words[i].substring(prefix.length()));
                }
            }
            return Optional.empty();
        }

        List<String> values(String prefix) {
            return value(prefix).map(v -> List.of(v.split(",", -1))).orElse(List.of());
        }

        int number() {
            return value("#").map(Integer::parseInt).orElse(0);
        }

        Field.Strategic strategic() {
            Optional<String> key = value("merge=");
            boolean merge = key.isPresent() || has("merge");
            return merge || has("retain") || has("replace")
                    ? new Field.Strategic(merge, key.orElse(""), has("retain"), has("replace"))
                    : Field.Strategic.PLAIN;
        }

        String listType() {
            for (String type : List.of("atomic", "granular", "set")) {
                if (has(type)) {
                    return type;
                }
            }
            return value("keys=").isPresent() ? "map" : "";
        }
    }
}
