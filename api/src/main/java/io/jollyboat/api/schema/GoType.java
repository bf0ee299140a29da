package io.jollyboat.api.schema;

/** How Kubernetes' own messages name a type: as the Go source does. */
final class GoType {
    private GoType() {}

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
