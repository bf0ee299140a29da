package io.jollyboat.server.validation;

import io.jollyboat.api.StatusException.Cause;
import io.jollyboat.api.kinds.Condition;
import io.jollyboat.api.kinds.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A value in an object, with its path, at which things can be found wrong; what is found is added to one list.
 *
 * <p>Source of the words: apimachinery's field errors.
 */
record Place(String path, JsonNode node, List<Cause> causes) {
    private static final String REDACTED = "<secret contents redacted>";

    /** A field of an object; its node is missing where the field is. */
    Place at(String field) {
        JsonNode child = node.path(field);
        return new Place(Path.join(path, field), child.isNull() ? MissingNode.getInstance() : child, causes);
    }

    /** A field that is a path of several. */
    Place in(String... fields) {
        Place place = this;
        for (String field : fields) {
            place = place.at(field);
        }
        return place;
    }

    /** The elements of a list in a field. */
    List<Place> each(String field) {
        return at(field).elements();
    }

    List<Place> elements() {
        List<Place> elements = new ArrayList<>();
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            elements.add(new Place(path + "[" + i + "]", node.get(i), causes));
        }
        return elements;
    }

    /** The values of a map in a field, at {@code path[key]}. */
    List<Place> values(String field) {
        return at(field).entries();
    }

    /** The values of a map, at {@code path[key]}. */
    List<Place> entries() {
        List<Place> values = new ArrayList<>();
        node.properties().forEach(entry -> values.add(key(entry.getKey())));
        return values;
    }

    /** The same with a map's keys in order, as Go shows them. */
    Place sorted() {
        ObjectNode sorted = JsonNodeFactory.instance.objectNode();
        node.properties().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(e -> sorted.set(e.getKey(), e.getValue()));
        return node.isObject() ? new Place(path, sorted, causes) : this;
    }

    Place key(String key) {
        return new Place(path + "[" + key + "]", node.path(key), causes);
    }

    /** The same path with a value of other kind, for messages that quote only a part. */
    Place quoting(String value) {
        return new Place(path, JsonNodeFactory.instance.stringNode(value), causes);
    }

    /** The same value under another path: some checks do not say in which element of a list they were. */
    Place toldAs(String otherPath) {
        return new Place(otherPath, node, causes);
    }

    /** The same as its part is shown as a whole. */
    Place shownAs(String part) {
        return new Place(path, Internal.form(part, node), causes);
    }

    /** The same, or "" where a text is missing: Go knows no difference. */
    Place orEmpty() {
        return quoting(text());
    }

    /** The same, or 0 where a number is missing: Go knows no difference. */
    Place orZero() {
        return isThere() ? this : new Place(path, JsonNodeFactory.instance.numberNode(0), causes);
    }

    /** The same path without a value. */
    Place absent() {
        return new Place(path, MissingNode.getInstance(), causes);
    }

    /** The same path and a value that is not to be shown. */
    Place redacted() {
        return quoting(REDACTED);
    }

    /** Nothing was found wrong with it or a part of it so far. */
    boolean isRight() {
        return causes.stream()
                .noneMatch(cause -> cause.field().equals(path) || cause.field().startsWith(path + "."));
    }

    boolean isThere() {
        return !node.isMissingNode() && !node.isNull();
    }

    /** Neither missing nor empty. */
    boolean isSet() {
        return !Condition.isUnset(node);
    }

    String text() {
        return node.asString("");
    }

    String text(String field) {
        return at(field).text();
    }

    long number() {
        return node.asLong(0);
    }

    boolean isTrue(String field) {
        return node.path(field).asBoolean(false);
    }

    void required(String detail) {
        add("FieldValueRequired", "Required value" + (detail.isEmpty() ? "" : ": " + detail));
    }

    /** Required, when it is not set. */
    void mustBeSet() {
        if (!isSet()) {
            required("");
        }
    }

    void invalid(String detail) {
        add("FieldValueInvalid", "Invalid value: " + shown() + (detail.isEmpty() ? "" : ": " + detail));
    }

    /** Wrong as a whole, without its value. */
    void invalidAsSuch(String detail) {
        add("FieldValueInvalid", "Invalid value: " + detail);
    }

    /** One cause for each thing wrong. */
    void invalid(List<String> details) {
        details.forEach(this::invalid);
    }

    void notSupported(List<String> supported) {
        String values = supported.stream().map(Place::quoted).collect(Collectors.joining(", "));
        add("FieldValueNotSupported", "Unsupported value: " + shown() + ": supported values: " + values);
    }

    void duplicate() {
        add("FieldValueDuplicate", "Duplicate value: " + shown());
    }

    void duplicate(String detail) {
        add("FieldValueDuplicate", "Duplicate value: " + shown() + ": " + detail);
    }

    void notFound() {
        add("FieldValueNotFound", "Not found: " + shown());
    }

    void forbidden(String detail) {
        add("FieldValueForbidden", "Forbidden: " + detail);
    }

    void tooLong(int bytes) {
        add("FieldValueTooLong", "Too long: may not be more than " + bytes + " bytes");
    }

    void tooMany(int count, int most) {
        add("FieldValueTooMany", "Too many: " + count + ": must have at most " + most + " items");
    }

    private void add(String reason, String message) {
        causes.add(new Cause(reason, message, path));
    }

    private String shown() {
        if (node.isMissingNode() || node.isNull()) {
            return "null";
        }
        return node.isString() ? quoted(node.asString()) : node.toString();
    }

    private static String quoted(String text) {
        return JsonNodeFactory.instance.stringNode(text).toString();
    }
}
