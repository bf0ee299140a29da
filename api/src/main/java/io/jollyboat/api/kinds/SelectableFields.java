package io.jollyboat.api.kinds;

import io.jollyboat.api.Resource;
import io.jollyboat.api.StatusException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The fields by which a kind's objects can be selected: the table {@code selectable-fields.txt}. */
public final class SelectableFields {
    /** A field: where it stands, first place that is filled, and what stands for one that is not set. */
    private record Selectable(List<Path> paths, String unset) {
        String of(ObjectNode object) {
            for (Path path : paths) {
                JsonNode value = path.first(object);
                if (value.isValueNode() && !value.isNull() && !value.asString().isEmpty()) {
                    return value.asString();
                }
            }
            return unset;
        }
    }

    private static final Map<String, Selectable> OF_ALL = Map.of(
            "metadata.name", new Selectable(List.of(Path.of("metadata.name")), ""),
            "metadata.namespace", new Selectable(List.of(Path.of("metadata.namespace")), ""));
    private static final Map<String, Map<String, Selectable>> BY_KIND = read();

    private SelectableFields() {}

    /**
     * Whether a selector may name the field.
     *
     * @throws StatusException BadRequest in the words of Kubernetes' conversion of field labels
     */
    public static void check(Resource resource, String field) {
        if (find(resource, field).isPresent()) {
            return;
        }
        throw StatusException.badRequest(
                BY_KIND.containsKey(Parts.subject(resource))
                        ? "field label not supported: " + field
                        : "\"%s\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\""
                                .formatted(field));
    }

    /** The field's value as selectors compare it, "" or 0 or false where it is not set; empty for an unknown field. */
    public static Optional<String> value(Resource resource, String field, ObjectNode object) {
        return find(resource, field).map(f -> f.of(object));
    }

    private static Optional<Selectable> find(Resource resource, String field) {
        Optional<Selectable> own = Optional.ofNullable(
                BY_KIND.getOrDefault(Parts.subject(resource), Map.of()).get(field));
        return own.or(() -> Optional.ofNullable(OF_ALL.get(field)));
    }

    private static Map<String, Map<String, Selectable>> read() {
        Map<String, Map<String, Selectable>> kinds = new HashMap<>();
        TextTable.sections(SelectableFields.class, "selectable-fields.txt").forEach((subject, rows) -> {
            Map<String, Selectable> fields = new LinkedHashMap<>();
            for (List<String> row : rows) {
                String path = row.size() > 1 && !row.get(1).equals("-") ? row.get(1) : row.get(0);
                List<Path> paths =
                        List.of(path.split("\\|")).stream().map(Path::of).toList();
                fields.put(row.get(0), new Selectable(paths, row.size() > 2 ? row.get(2) : ""));
            }
            kinds.put(subject, fields);
        });
        return kinds;
    }
}
