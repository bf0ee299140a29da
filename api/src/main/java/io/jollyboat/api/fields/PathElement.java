package io.jollyboat.api.fields;

import io.jollyboat.api.Trees;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * One step of a path into an object, in the code of managedFields: {@code f:spec} names a field or the key of a map,
 * <code>k:{"name":"web"}</code> an element of a list by its keys, {@code v:"x"} a member of a set, {@code i:3} a place.
 * They are kept in this order, and among their kind by what they hold.
 */
public record PathElement(String code) {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String KINDS = "fkvi";

    static PathElement field(String name) {
        return new PathElement("f:" + name);
    }

    static PathElement value(JsonNode scalar) {
        return new PathElement("v:" + Trees.scalarKey(scalar));
    }

    /** The keys, in the order of their names, and their values; a key without a value is left out. */
    static PathElement key(List<String> names, Function<String, JsonNode> values) {
        StringBuilder code = new StringBuilder("k:{");
        for (String name : names) {
            JsonNode value = values.apply(name);
            if (!value.isMissingNode()) {
                code.append(code.length() > 3 ? "," : "")
                        .append(Trees.scalarKey(JsonNodeFactory.instance.stringNode(name)))
                        .append(':')
                        .append(Trees.scalarKey(value));
            }
        }
        return new PathElement(code.append('}').toString());
    }

    /** Elements in their order. */
    static List<PathElement> sorted(Collection<PathElement> elements) {
        if (elements.size() < 2) {
            return List.copyOf(elements);
        }
        return elements.stream()
                .map(Parsed::of)
                .sorted(Comparator.comparing(
                                Parsed::element, Comparator.comparingInt(e -> KINDS.indexOf(e.code.charAt(0))))
                        .thenComparing(PathElement::compare))
                .map(Parsed::element)
                .toList();
    }

    /** An element with what it holds, which sorting looks at again and again. */
    private record Parsed(PathElement element, JsonNode content) {
        static Parsed of(PathElement element) {
            JsonNode content = element.isField()
                    ? JsonNodeFactory.instance.stringNode(element.content())
                    : JSON.readTree(element.content());
            return new Parsed(element, content);
        }
    }

    private static int compare(Parsed a, Parsed b) {
        return compare(a.content, b.content);
    }

    /**
     * Reads a code, whose keys may come in any order.
     *
     * @throws IllegalArgumentException where it is none
     */
    static PathElement parse(String code) {
        if (code.length() < 2 || code.charAt(1) != ':' || KINDS.indexOf(code.charAt(0)) < 0) {
            throw new IllegalArgumentException("unknown path element " + code);
        }
        try {
            return switch (code.charAt(0)) {
                case 'k' -> {
                    ObjectNode keys = (ObjectNode) JSON.readTree(code.substring(2));
                    yield key(keys.propertyNames().stream().sorted().toList(), keys::path);
                }
                case 'v' -> value(JSON.readTree(code.substring(2)));
                case 'i' -> new PathElement("i:" + Integer.parseInt(code.substring(2)));
                default -> new PathElement(code);
            };
        } catch (JacksonException | ClassCastException e) {
            throw new IllegalArgumentException("unreadable path element " + code, e);
        }
    }

    /** Whether this kind of element is known; others are from a future that this code does not know. */
    static boolean isKnown(String code) {
        return code.length() > 1 && code.charAt(1) == ':' && KINDS.indexOf(code.charAt(0)) >= 0;
    }

    boolean isField() {
        return code.charAt(0) == 'f';
    }

    /** What stands after the colon. */
    String content() {
        return code.substring(2);
    }

    /** As messages show it: {@code .spec}, {@code [name="web"]}, {@code [="x"]}, {@code [3]}. */
    String text() {
        return switch (code.charAt(0)) {
            case 'f' -> "." + content();
            case 'k' ->
                JSON.readTree(content())
                        .propertyStream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .collect(Collectors.joining(",", "[", "]"));
            case 'v' -> "[=" + content() + "]";
            default -> "[" + content() + "]";
        };
    }

    /** Numbers as numbers, and before texts. */
    private static int compare(JsonNode a, JsonNode b) {
        if (a.isNumber() && b.isNumber()) {
            return Double.compare(a.doubleValue(), b.doubleValue());
        }
        if (a.isNumber() != b.isNumber()) {
            return a.isNumber() ? -1 : 1;
        }
        if (a.isString() && b.isString()) {
            return a.stringValue().compareTo(b.stringValue());
        }
        if (!a.isObject() || !b.isObject()) {
            return a.toString().compareTo(b.toString());
        }
        List<String> mine = List.copyOf(a.propertyNames());
        List<String> theirs = List.copyOf(b.propertyNames());
        for (int i = 0; i < Math.min(mine.size(), theirs.size()); i++) {
            int names = mine.get(i).compareTo(theirs.get(i));
            int order = names != 0 ? names : compare(a.path(mine.get(i)), b.path(mine.get(i)));
            if (order != 0) {
                return order;
            }
        }
        return mine.size() - theirs.size();
    }

    @Override
    public String toString() {
        return code;
    }
}
