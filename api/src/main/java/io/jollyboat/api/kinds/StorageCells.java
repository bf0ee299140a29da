package io.jollyboat.api.kinds;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** The cells of volumes, claims and classes of storage. */
final class StorageCells {
    private static final Map<String, String> SHORT_MODES =
            Map.of("ReadWriteOnce", "RWO", "ReadOnlyMany", "ROX", "ReadWriteMany", "RWX", "ReadWriteOncePod", "RWOP");
    private static final List<String> ORDER = List.of("RWO", "ROX", "RWX", "RWOP");

    static final Map<String, Cell.Rule> RULES = Map.of(
            "phaseOrTerminating",
                    args -> (object, now) ->
                            TextCells.text(object, "metadata.deletionTimestamp").isEmpty()
                                    ? TextCells.text(object, "status.phase")
                                    : "Terminating",
            "claimCapacity",
                    args -> (claim, now) -> isBound(claim) ? TextCells.text(claim, "status.capacity.storage") : "",
            "claimAccessModes", args -> (claim, now) -> isBound(claim) ? modes(claim, "status.accessModes[]") : "",
            "accessModes", args -> (volume, now) -> modes(volume, args.getFirst()),
            "volumeClaim", args -> (volume, now) -> claim(volume),
            "storageClass", args -> (object, now) -> storageClass(object),
            "storageClassName", args -> (type, now) -> className(type));

    private StorageCells() {}

    private static boolean isBound(JsonNode claim) {
        return !TextCells.text(claim, "spec.volumeName").isEmpty();
    }

    private static String modes(JsonNode object, String path) {
        Set<String> found = TextCells.texts(object, path).stream()
                .map(mode -> SHORT_MODES.getOrDefault(mode, mode))
                .collect(Collectors.toSet());
        return ORDER.stream().filter(found::contains).collect(Collectors.joining(","));
    }

    private static String claim(JsonNode volume) {
        JsonNode claim = volume.path("spec").path("claimRef");
        return claim.isObject() ? TextCells.text(claim, "namespace") + "/" + TextCells.text(claim, "name") : "";
    }

    private static String storageClass(JsonNode object) {
        JsonNode old = object.path("metadata").path("annotations").path("volume.beta.kubernetes.io/storage-class");
        return TextCells.or(old.asString(""), TextCells.text(object, "spec.storageClassName"));
    }

    private static String className(JsonNode type) {
        JsonNode annotations = type.path("metadata").path("annotations");
        boolean isDefault = Set.of(
                        "storageclass.kubernetes.io/is-default-class",
                        "storageclass.beta.kubernetes.io/is-default-class")
                .stream()
                .anyMatch(key -> annotations.path(key).asString("").equals("true"));
        return TextCells.text(type, "metadata.name") + (isDefault ? " (default)" : "");
    }
}
