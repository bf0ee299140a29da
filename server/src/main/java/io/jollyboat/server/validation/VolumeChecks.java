package io.jollyboat.server.validation;

import io.jollyboat.api.Quantity;
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

    private static final List<String> PROJECTIONS = List.of(
            "secret", "configMap", "downwardAPI", "serviceAccountToken", "clusterTrustBundle", "podCertificate");
    private static final int MODE_LIMIT = 0777;

    private VolumeChecks() {}

    /** Checks all and gives those by name with which nothing is wrong: for mounts there are no others. */
    static Map<String, Place> volumes(List<Place> volumes) {
        Map<String, Place> byName = new LinkedHashMap<>();
        for (Place volume : volumes) {
            Place name = volume.at("name");
            source(volume);
            if (byName.containsKey(name.text())) {
                name.duplicate();
            } else if (volume.isRight() && name.isSet()) {
                byName.put(name.text(), volume);
            }
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
        StorageChecks.hostPath(volume.at("hostPath"));
        if (volume.at("nfs").isThere()) {
            StorageChecks.nfs(volume.at("nfs"));
        }
        if (volume.at("csi").isThere()) {
            StorageChecks.driverName(volume.in("csi", "driver"));
        }
        Place size = volume.in("emptyDir", "sizeLimit");
        if (Quantity.parse(size.text()).filter(Quantity::isNegative).isPresent()) {
            size.forbidden("SizeLimit field must be a valid resource quantity");
        }
        ephemeral(volume.at("ephemeral"));
        for (String kind : List.of("secret", "configMap", "downwardAPI", "projected")) {
            mode(volume.in(kind, "defaultMode"));
        }
        items(volume.at("secret"));
        items(volume.at("configMap"));
        downward(volume.at("downwardAPI"));
        projected(volume.at("projected"));
    }

    private static void ephemeral(Place ephemeral) {
        Place template = ephemeral.at("volumeClaimTemplate");
        if (ephemeral.isThere() && !template.isThere()) {
            template.required("");
        } else if (template.isThere()) {
            Metadata.labelsAndAnnotations(template.at("metadata"));
            ClaimChecks.spec(template.at("spec"));
        }
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
            } else if (expiration.number() > 1L << 32) {
                expiration.invalid("may not specify a duration larger than 2^32 seconds");
            }
            if (token.isThere() && !token.at("path").isSet()) {
                projected.at("path").required("");
            }
            relative(token.at("path"));
            for (String kind : List.of("secret", "configMap", "downwardAPI")) {
                source.at(kind).each("items").stream()
                        .map(item -> item.text("path"))
                        .filter(path -> !path.isEmpty() && !paths.add(path))
                        .forEach(path -> projected
                                .quoting(
                                        kind.equals("downwardAPI")
                                                ? path
                                                : source.at(kind).text("name"))
                                .invalid("conflicting duplicate paths"));
            }
            if (PROJECTIONS.stream().map(source::at).filter(Place::isThere).count() > 1) {
                source.forbidden("may not specify more than 1 volume type per source");
            }
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
        for (Place each : source.each("items")) {
            Place item = each.toldAs(source.path());
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
            if (amount.isThere() && !amount.at("containerName").isSet()) {
                amount.at("containerName").required("");
            } else {
                EnvChecks.amount(amount);
            }
        }
    }

    /** Checks mounts and devices of a container against the Pod's volumes. */
    static void mounts(Place container, Map<String, Place> volumes) {
        Set<String> paths = new HashSet<>();
        List<Place> devices = container.each("volumeDevices");
        for (Place mount : container.each("volumeMounts")) {
            Place name = mount.at("name");
            if (!volumes.containsKey(name.text())) {
                name.orEmpty().notFound();
            }
            Place path = mount.at("mountPath");
            if (path.isSet() && !paths.add(path.text())) {
                path.invalid("must be unique");
            }
            if (name.isSet()
                    && devices.stream().anyMatch(device -> device.text("name").equals(name.text()))) {
                name.invalid("must not already exist in volumeDevices");
            }
            Place told = mount.toldAs(container.path() + ".volumeMounts");
            descending(told.at("subPath"));
            descending(told.at("subPathExpr"));
            if (mount.at("subPath").isSet() && mount.at("subPathExpr").isSet()) {
                mount.at("subPathExpr").invalid("subPathExpr and subPath are mutually exclusive");
            }
            readOnly(told);
            Values.oneOf(told.at("mountPropagation"), List.of("Bidirectional", "HostToContainer", "None"));
            boolean privileged = container.at("securityContext").isTrue("privileged");
            if (mount.text("mountPropagation").equals("Bidirectional") && !privileged) {
                told.at("mountPropagation")
                        .forbidden("Bidirectional mount propagation is available only to privileged containers");
            }
        }
        devices(container, volumes, paths);
    }

    /** A volume is used as files or as a device, under paths of their own. */
    private static void devices(Place container, Map<String, Place> volumes, Set<String> mountPaths) {
        Set<String> mounted = new HashSet<>();
        container.each("volumeMounts").forEach(mount -> mounted.add(mount.text("name")));
        Set<String> names = new HashSet<>();
        Set<String> paths = new HashSet<>();
        for (Place device : container.each("volumeDevices")) {
            Place name = device.at("name");
            Place volume = volumes.get(name.text());
            if (name.isSet() && !names.add(name.text())) {
                name.invalid("must be unique");
            }
            if (volume == null) {
                name.notFound();
            } else if (!volume.at("persistentVolumeClaim").isThere()
                    && !volume.at("ephemeral").isThere()) {
                name.invalid("can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode");
            }
            Place path = device.at("devicePath");
            if (path.isSet() && !paths.add(path.text())) {
                path.invalid("must be unique");
            }
            if (List.of(path.text().split("/")).contains("..")) {
                path.invalid("can not contain backsteps ('..')");
            }
            if (mounted.contains(name.text())) {
                name.invalid("must not already exist in volumeMounts");
            }
            if (mountPaths.contains(path.text())) {
                path.invalid("must not already exist as a path in volumeMounts");
            }
        }
    }

    /** A mount that can be read only all the way down is one that can be read only. */
    private static void readOnly(Place mount) {
        Place deep = mount.at("recursiveReadOnly");
        boolean asked = deep.isThere() && !deep.text().equals("Disabled");
        if (asked && !mount.isTrue("readOnly")) {
            deep.forbidden("may only be specified when readOnly is true");
        }
        if (asked
                && mount.at("mountPropagation").isSet()
                && !mount.text("mountPropagation").equals("None")) {
            deep.forbidden("may only be specified when mountPropagation is None or not specified");
        }
        Values.oneOf(deep, List.of("Disabled", "Enabled", "IfPossible"));
    }

    /** A path from somewhere on that does not lead up. */
    static void descending(Place path) {
        if (path.text().startsWith("/")) {
            path.invalid("must be a relative path");
        }
        noBackSteps(path);
    }

    private static void relative(Place path) {
        descending(path);
        if (path.text().startsWith("..")
                && !path.text().startsWith("../")
                && !path.text().equals("..")) {
            path.invalid("must not start with '..'");
        }
    }

    static void noBackSteps(Place path) {
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
