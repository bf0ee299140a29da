package io.jollyboat.api.schema;

import io.jollyboat.api.kinds.TextTable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** How Kubernetes' own messages name a type: as the Go source does. */
final class GoType {
    /** By the type that holds the field, then by the field. */
    private static final Map<String, Map<String, String>> FIELDS =
            TextTable.sections(GoType.class, "go-types.txt").entrySet().stream()
                    .collect(Collectors.toUnmodifiableMap(
                            Map.Entry::getKey,
                            holder -> holder.getValue().stream()
                                    .collect(Collectors.toUnmodifiableMap(List::getFirst, List::getLast))));

    private GoType() {}

    /**
     * What Go calls the type of a field where it has a name of its own: the table {@code go-types.txt}.
     *
     * @param depth how many lists and maps deep inside the field
     */
    static Optional<String> ofField(String definition, String field, int depth) {
        int name = definition.lastIndexOf('.');
        int version = definition.lastIndexOf('.', name - 1);
        String holder = definition.substring(definition.lastIndexOf('.', version - 1) + 1);
        String type = FIELDS.getOrDefault(holder, Map.of()).getOrDefault(field, "");
        for (int i = 0; i < depth; i++) {
            boolean plain = type.startsWith("[]") || type.startsWith("map[");
            type = plain ? type.substring(type.indexOf(']') + 1) : "";
        }
        return type.isEmpty() ? Optional.empty() : Optional.of(type);
    }

    static String name(Type type) {
        return switch (type) {
            case Type.Scalar scalar ->
                switch (scalar) {
                    case STRING -> "string";
                    case INT32 -> "int32";
                    case INT64 -> "int64";
                    case DOUBLE -> "float64";
                    case BOOLEAN -> "bool";
                    case BYTES -> "[]uint8";
                    case TIME -> "v1.Time";
                    case MICRO_TIME -> "v1.MicroTime";
                    case QUANTITY -> "resource.Quantity";
                    case DURATION -> "v1.Duration";
                    case INT_OR_STRING -> "intstr.IntOrString";
                    case ANY -> "interface {}";
                };
            case Type.ListOf list -> "[]" + name(list.element());
            case Type.MapOf map -> "map[string]" + name(map.value());
            case Type.Struct struct -> packageName(struct.name()) + "." + simpleName(struct.name());
        };
    }

    /** {@code DeploymentSpec} of {@code io.k8s.api.apps.v1.DeploymentSpec}. */
    static String simpleName(String definition) {
        return definition.substring(definition.lastIndexOf('.') + 1);
    }

    private static String packageName(String definition) {
        int end = definition.lastIndexOf('.');
        return definition.substring(definition.lastIndexOf('.', end - 1) + 1, end);
    }
}
