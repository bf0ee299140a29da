package io.jollyboat.api.schema;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * A named place in a struct and how changes to it are merged.
 *
 * @param strategic how a strategic merge patch treats it
 * @param apply how server-side apply treats it: {@code ATOMIC} replaces whole, {@code SET} and {@code MAP} lists and
 *     {@code GRANULAR} maps and structs merge by element
 * @param applyKeys the keys of a {@code MAP} list, such as port and protocol
 * @param pointer false for a struct that Go holds by value, and for a plain value whose zero means unset
 * @param always Go writes it even when it is zero or empty
 * @param values the closed set that a text is from; empty for an open one
 * @param inside the Go structs, each with a dot, that the field is taken from where one is part of another without a
 *     name: {@code VolumeSource.}
 */
public record Field(
        String name,
        Type type,
        boolean required,
        Strategic strategic,
        Apply apply,
        List<String> applyKeys,
        Optional<JsonNode> defaultValue,
        boolean pointer,
        boolean always,
        List<String> values,
        String inside) {

    /**
     * The rule of strategic merge.
     *
     * @param merge lists merge (by key, or as a set of scalars when there is no key) rather than being replaced
     * @param mergeKey of a merged list of objects, "" for none
     * @param retainKeys the union rule: only keys that the patch names stay
     * @param replaceMap a map or struct is replaced whole
     */
    public record Strategic(boolean merge, String mergeKey, boolean retainKeys, boolean replaceMap) {
        public static final Strategic PLAIN = new Strategic(false, "", false, false);
    }

    /** The rule of server-side apply. */
    public enum Apply {
        ATOMIC,
        SET,
        MAP,
        GRANULAR
    }

    /** A field with the usual for the rest: written when zero if it must be set, and open to any value. */
    public Field(
            String name,
            Type type,
            boolean required,
            Strategic strategic,
            Apply apply,
            List<String> applyKeys,
            Optional<JsonNode> defaultValue,
            boolean pointer) {
        this(
                name,
                type,
                required,
                strategic,
                apply,
                applyKeys,
                defaultValue,
                pointer,
                required && !pointer,
                List.of(),
                "");
    }

    /** As Go's decoder tells the place. */
    String goPath() {
        return inside + name;
    }

    Field in(String struct) {
        return new Field(
                name,
                type,
                required,
                strategic,
                apply,
                applyKeys,
                defaultValue,
                pointer,
                always,
                values,
                struct + "." + inside);
    }

    public Field {
        applyKeys = List.copyOf(applyKeys);
        values = List.copyOf(values);
    }
}
