package io.jollyboat.server.validation;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Volumes of Pods and where containers mount them. */
final class VolumeChecks {
    /** The fields of a Pod that a volume may show. */
    static final List<String> FIELDS =
            List.of("metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid");

    private static final List<String> HOST_PATH_TYPES = List.of(
            "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket");
    private static final int MODE_LIMIT = 0777;

    private VolumeChecks() {}

    /** Checks all and gives them by name. */
    static Map<String, Place> volumes(List<Place> volumes) {
        Map<String, Place> byName = new LinkedHashMap<>();
        for (Place volume : volumes) {
            Place name = volume.at("name");
            if (name.isSet() && byName.putIfAbsent(name.text(), volume) != null) {
                name.duplicate();
            }
            source(volume);
        }
        return byName;
    }

    private static void source(Place volume) {
        boolean found = false;
        for (Map.Entry<String, JsonNode> field : volume.node().properties()) {
            if (field.getKey().equals("name") || field.getValue().isNull()) {
                continue;
            }
            if (found) {
                volume.at(field.getKey()).forbidden("may not specify more than 1 volume type");
            }
            found = true;
        }
        if (!found) {
            volume.required("must specify a volume type");
        }
        Place hostPath = volume.at("hostPath");
        if (hostPath.isThere()) {
            noBackSteps(hostPath.at("path"));
            Values.oneOf(hostPath.at("type"), HOST_PATH_TYPES);
        }
        for (String kind : List.of("secret", "configMap", "downwardAPI", "projected")) {
            mode(volume.in(kind, "defaultMode"));
        }
        items(volume.at("secret"));
        items(volume.at("configMap"));
        downward(volume.at("downwardAPI"));
        projected(volume.at("projected"));
    }

    private static void projected(Place projected) {
        if (!projected.isThere()) {
            return;
        }
        Set<String> paths = new HashSet<>();
        for (Place source : projected.each("sources")) {
            items(source.at("secret"));
            items(source.at("configMap"));
            downward(source.at("downwardAPI"));
            Place token = source.at("serviceAccountToken");
            Place expiration = token.at("expirationSeconds");
            if (expiration.isThere() && expiration.number() < 600) {
                expiration.invalid("may not specify a duration less than 10 minutes");
            }
            relative(token.at("path"));
            List.of("secret", "configMap", "downwardAPI").stream()
                    .flatMap(kind -> source.at(kind).each("items").stream())
                    .filter(item -> item.at("path").isSet() && !paths.add(item.text("path")))
                    .forEach(item -> source.invalid("conflicting duplicate paths"));
        }
    }

    private static void items(Place source) {
        for (Place item : source.each("items")) {
            item.at("key").mustBeSet();
            item.at("path").mustBeSet();
            relative(item.at("path"));
            mode(item.at("mode"));
        }
    }

    private static void downward(Place source) {
        for (Place item : source.each("items")) {
            item.at("path").mustBeSet();
            relative(item.at("path"));
            mode(item.at("mode"));
            Place field = item.at("fieldRef");
            Place amount = item.at("resourceFieldRef");
            if (field.isThere() && amount.isThere()) {
                item.invalid("fieldRef and resourceFieldRef can not be specified simultaneously");
            } else if (!field.isThere() && !amount.isThere()) {
                item.required("one of fieldRef and resourceFieldRef is required");
            }
            EnvChecks.field(field, FIELDS);
            if (amount.isThere()) {
                amount.at("containerName").mustBeSet();
                EnvChecks.amount(amount);
            }
        }
    }

    /** Checks mounts and devices of a container against the Pod's volumes. */
    static void mounts(Place container, Map<String, Place> volumes) {
        Set<String> paths = new HashSet<>();
        for (Place mount : container.each("volumeMounts")) {
            Place name = mount.at("name");
            if (name.isSet() && !volumes.containsKey(name.text())) {
                name.notFound();
            }
            Place path = mount.at("mountPath");
            if (path.isSet() && !paths.add(path.text())) {
                path.invalid("must be unique");
            }
            relative(mount.at("subPath"));
            relative(mount.at("subPathExpr"));
            if (mount.at("subPath").isSet() && mount.at("subPathExpr").isSet()) {
                mount.at("subPathExpr").invalid("subPathExpr and subPath are mutually exclusive");
            }
            boolean privileged = container.at("securityContext").isTrue("privileged");
            if (mount.text("mountPropagation").equals("Bidirectional") && !privileged) {
                mount.at("mountPropagation")
                        .forbidden("Bidirectional mount propagation is available only to privileged containers");
            }
        }
        for (Place device : container.each("volumeDevices")) {
            Place name = device.at("name");
            Place volume = volumes.get(name.text());
            if (volume == null) {
                name.notFound();
            } else if (!volume.at("persistentVolumeClaim").isThere()
                    && !volume.at("ephemeral").isThere()) {
                name.invalid("can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode");
            }
        }
    }

    private static void relative(Place path) {
        if (path.text().startsWith("/")) {
            path.invalid("must be a relative path");
        }
        noBackSteps(path);
        if (path.text().startsWith("..")
                && !path.text().startsWith("../")
                && !path.text().equals("..")) {
            path.invalid("must not start with '..'");
        }
    }

    private static void noBackSteps(Place path) {
        if (List.of(path.text().split("/")).contains("..")) {
            path.invalid("must not contain '..'");
        }
    }

    private static void mode(Place mode) {
        if (mode.isThere() && (mode.number() < 0 || mode.number() > MODE_LIMIT)) {
            mode.invalid("must be a number between 0 and 0777 (octal), both inclusive");
        }
    }
}
