package io.jollyboat.api.schema;

import io.jollyboat.api.GoText;
import io.jollyboat.api.Quantity;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.WrittenNumber;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Checks an object against its type and leaves what Kubernetes would keep of it.
 *
 * <p>The real server decodes into Go structs and encodes them again. What that does to an object happens here on the
 * tree: unknown fields go (and are reported), null means unset, zero values and empty lists that Go leaves out are left
 * out, quantities are written in their canonical form ({@code 0.5} as {@code 500m}), and a value of the wrong type fails
 * with the Go decoder's words.
 */
public final class FieldCheck {
    /** Kubernetes reports no more unknown fields than this at once; the rest is dropped in silence. */
    static final int REPORT_LIMIT = 100;

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final List<String> unknown = new ArrayList<>();
    private final boolean converts;
    private Optional<String> mismatch = Optional.empty();

    private FieldCheck(boolean converts) {
        this.converts = converts;
    }

    /**
     * What came of a check.
     *
     * @param object the object without what is unknown or unset; the caller's own
     * @param unknown one text for each unknown field, such as {@code unknown field "spec.foo"}
     * @param mismatch what Go's decoder says of the first value of a wrong type; then {@code object} lacks that value
     */
    public record Checked(ObjectNode object, List<String> unknown, Optional<String> mismatch) {
        public Checked {
            unknown = List.copyOf(unknown);
        }
    }

    /** Looks through an object, which stays as it is. */
    public static Checked check(ObjectNode object, Type.Struct type) {
        return new FieldCheck(false).run(object, type);
    }

    /**
     * As above, of an object that was put together and not read from a text: Kubernetes turns such trees into its types
     * in another way, which has words of its own, takes {@code 1.0} for a whole number and tells unknown fields in the
     * order of their names.
     */
    public static Checked checkBuilt(ObjectNode object, Type.Struct type) {
        return new FieldCheck(true).run(object, type);
    }

    private Checked run(ObjectNode object, Type.Struct type) {
        ObjectNode kept = struct(object, type, "", "");
        return new Checked(kept, converts ? unknown.stream().sorted().toList() : unknown, mismatch);
    }

    /**
     * The failure to decode a body, in the server's words: {@code Deployment in version "v1" cannot be handled as a
     * Deployment: DETAIL}. Several strict problems go into one detail: {@link #strict}.
     */
    public static StatusException cannotBeHandled(String apiVersion, String kind, String expectedKind, String detail) {
        String version = apiVersion.substring(apiVersion.indexOf('/') + 1);
        return StatusException.badRequest(
                "%s in version \"%s\" cannot be handled as a %s: %s".formatted(kind, version, expectedKind, detail));
    }

    /** The detail that strict field validation fails with. */
    public static String strict(List<String> problems) {
        return "strict decoding error: " + String.join(", ", problems);
    }

    private ObjectNode struct(ObjectNode object, Type.Struct type, String path, String names) {
        ObjectNode kept = JSON.objectNode();
        Map<String, Field> fields = type.fields();
        for (Map.Entry<String, JsonNode> property : object.properties()) {
            Field field = fields.get(property.getKey());
            String at = path.isEmpty() ? property.getKey() : path + "." + property.getKey();
            if (field == null) {
                report(at);
            } else if (!property.getValue().isNull()) {
                Place place = new Place(
                        at,
                        type.name(),
                        field.name(),
                        0,
                        names.isEmpty() ? field.goPath() : names + "." + field.goPath());
                value(property.getValue(), field.type(), place)
                        .filter(v -> !leftOut(v, field))
                        .ifPresent(v -> kept.set(field.name(), v));
            }
        }
        return kept;
    }

    /**
     * Where a value stands.
     *
     * @param path for unknown fields, with indexes: {@code spec.containers[0]}
     * @param definition of the struct that holds it
     * @param field in which it stands there
     * @param depth how many lists and maps deep inside that field
     * @param names the names on the way, without indexes, as Go's decoder tells them
     */
    private record Place(String path, String definition, String field, int depth, String names) {
        Place inside(String step) {
            return new Place(path + step, definition, field, depth + 1, names);
        }

        String goPath() {
            return GoType.simpleName(definition) + "." + names;
        }
    }

    private void report(String path) {
        if (unknown.size() < REPORT_LIMIT) {
            unknown.add("unknown field " + (converts ? '"' + path + '"' : GoText.quoted(path)));
        }
    }

    private Optional<JsonNode> value(JsonNode value, Type type, Place place) {
        return switch (type) {
            case Type.Scalar scalar -> scalar(whole(value, scalar), scalar, place);
            case Type.Struct struct ->
                value instanceof ObjectNode object
                        ? Optional.of(struct(object, struct, place.path(), place.names()))
                        : fail(Scalars.mismatch(value, type), place);
            case Type.ListOf list ->
                value instanceof ArrayNode array
                        ? Optional.of(list(array, list.element(), place))
                        : fail(Scalars.mismatch(value, type), place);
            case Type.MapOf map ->
                value instanceof ObjectNode object
                        ? Optional.of(map(object, map.value(), place))
                        : fail(Scalars.mismatch(value, type), place);
        };
    }

    private Optional<JsonNode> scalar(JsonNode value, Type.Scalar scalar, Place place) {
        return Scalars.complaint(value, scalar)
                .map(complaint -> fail(complaint, place))
                .orElseGet(() -> Optional.of(scalar == Type.Scalar.QUANTITY ? canonical(value, false) : value));
    }

    /**
     * Where trees are converted, {@code 1.0} is whole, a number too large for its type loses its upper bits, and one too
     * large for 64 bits is the least of those.
     */
    private JsonNode whole(JsonNode value, Type.Scalar scalar) {
        boolean integer = scalar == Type.Scalar.INT32 || scalar == Type.Scalar.INT64;
        if (!converts || !integer || !value.isNumber()) {
            return value;
        }
        double number = value.doubleValue();
        boolean whole = value.isIntegralNumber() || number == Math.rint(number);
        if (!whole) {
            return value;
        }
        long all = value.canConvertToLong() ? value.longValue() : Long.MIN_VALUE;
        return JSON.numberNode(scalar == Type.Scalar.INT32 ? (int) all : all);
    }

    /**
     * A quantity is stored as the server would write it, whoever wrote it: {@code 1024Mi} as {@code 1Gi}.
     *
     * @param rounded to thousandths, as amounts of resources are
     */
    private static JsonNode canonical(JsonNode value, boolean rounded) {
        String text = value.isNumber() ? WrittenNumber.text(value) : value.asString();
        return Quantity.parse(text)
                .map(quantity -> rounded ? quantity.roundedToMilli() : quantity)
                .map(Quantity::toString)
                .filter(canonical -> value.isNumber() || !canonical.equals(text))
                .<JsonNode>map(JSON::stringNode)
                .orElse(value);
    }

    private ArrayNode list(ArrayNode array, Type element, Place place) {
        ArrayNode kept = JSON.arrayNode(array.size());
        int index = 0;
        for (Iterator<JsonNode> each = array.iterator(); each.hasNext(); index++) {
            JsonNode item = each.next();
            Optional<JsonNode> found = item.isNull()
                    ? Optional.of(Completion.zero(element))
                    : value(item, element, place.inside("[" + index + "]"));
            found.ifPresent(kept::add);
        }
        return kept;
    }

    private ObjectNode map(ObjectNode object, Type element, Place place) {
        Map<String, JsonNode> kept = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            Optional<JsonNode> found = entry.getValue().isNull()
                    ? Optional.of(Completion.zero(element))
                    : value(entry.getValue(), element, place.inside("." + entry.getKey()));
            found.map(v -> element == Type.Scalar.QUANTITY ? canonical(v, true) : v)
                    .ifPresent(v -> kept.put(entry.getKey(), v));
        }
        ObjectNode result = JSON.objectNode();
        kept.forEach(result::set);
        return result;
    }

    private Optional<JsonNode> fail(Scalars.Complaint complaint, Place place) {
        if (mismatch.isEmpty()) {
            mismatch = Optional.of(
                    converts
                            ? complaint.converted()
                            : complaint.text(
                                    place.goPath(), GoType.ofField(place.definition(), place.field(), place.depth())));
        }
        return Optional.empty();
    }

    /** Go's omitempty: the zero of a value that is no pointer, an empty list or map. */
    private static boolean leftOut(JsonNode value, Field field) {
        if (field.always()) {
            return false;
        }
        return switch (field.type()) {
            case Type.Scalar scalar -> !field.pointer() && isZero(value, scalar);
            case Type.ListOf list -> value.isEmpty();
            case Type.MapOf map -> value.isEmpty();
            case Type.Struct struct -> false;
        };
    }

    private static boolean isZero(JsonNode value, Type.Scalar scalar) {
        return switch (scalar) {
            case STRING, BYTES, TIME, MICRO_TIME ->
                value.isString() && value.stringValue().isEmpty();
            case INT32, INT64, DOUBLE -> value.isNumber() && value.doubleValue() == 0;
            case BOOLEAN -> value.isBoolean() && !value.booleanValue();
            case QUANTITY, DURATION, INT_OR_STRING, ANY -> false;
        };
    }
}
