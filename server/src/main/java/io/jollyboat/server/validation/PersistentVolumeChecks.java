package io.jollyboat.server.validation;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What must be true of volumes of the cluster, and what may change in them. A volume's spec also stands in an
 * attachment of what no PersistentVolume describes: such an inline one may say less.
 */
final class PersistentVolumeChecks {
    /** What a volume can be, in the order in which they are looked at; rules.txt has more of each. */
    private static final List<String> SOURCES = List.of(
            "hostPath",
            "gcePersistentDisk",
            "awsElasticBlockStore",
            "glusterfs",
            "flocker",
            "nfs",
            "rbd",
            "quobyte",
            "cephfs",
            "iscsi",
            "cinder",
            "fc",
            "flexVolume",
            "azureFile",
            "vsphereVolume",
            "photonPersistentDisk",
            "portworxVolume",
            "azureDisk",
            "scaleIO",
            "local",
            "storageos",
            "csi");

    /** What else a volume's spec has, in Kubernetes' own form of it. */
    private static final Set<String> NOT_SOURCES = Set.of(
            "Capacity",
            "AccessModes",
            "ClaimRef",
            "PersistentVolumeReclaimPolicy",
            "StorageClassName",
            "MountOptions",
            "VolumeMode",
            "NodeAffinity",
            "VolumeAttributesClassName");

    private static final List<String> ACCESS_MODES =
            List.of("ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod");
    private static final List<String> POLICIES = List.of("Delete", "Recycle", "Retain");
    private static final List<String> MODES = List.of("Block", "Filesystem");
    private static final List<String> SECRETS = List.of(
            "controllerPublishSecretRef", "controllerExpandSecretRef", "nodePublishSecretRef", "nodeExpandSecretRef");
    private static final Pattern ISCSI_NAME = Pattern.compile(
            "iqn\\.\\d{4}-\\d{2}\\.[a-zA-Z0-9.-]+:[^,;*&$|\\s]+" + "|eui.[a-zA-Z0-9]{16}|naa.[a-zA-Z0-9]{32}");
    private static final int ISCSI_LIMIT = 64;
    private static final int LUN_LIMIT = 255;
    private static final String INLINE = "in the context of inline volumes";
    private static final String NOT_INLINE = "may not be specified " + INLINE;

    private PersistentVolumeChecks() {}

    static void volume(Place volume) {
        Place spec = volume.at("spec");
        accessModes(spec.at("accessModes"), true);
        capacity(spec.at("capacity"));
        Values.oneOf(spec.at("persistentVolumeReclaimPolicy"), POLICIES);
        Place affinity = spec.at("nodeAffinity");
        if (affinity.in("required").isThere()) {
            AffinityChecks.nodeSelector(affinity.at("required"));
        } else if (affinity.isThere()) {
            affinity.at("required").required("must specify required node constraints");
        }
        source(spec, volume.in("metadata", "name").text(), affinity.isThere());
        Values.dnsSubdomain(spec.at("storageClassName"));
        Values.oneOf(spec.at("volumeMode"), MODES);
        attributesClass(spec);
    }

    /** A volume that an attachment describes by itself. */
    static void inline(Place spec) {
        for (String field : List.of("claimRef", "capacity")) {
            if (spec.at(field).isSet()) {
                spec.at(field).forbidden(NOT_INLINE);
            }
        }
        if (!spec.at("csi").isThere()) {
            spec.at("csi").required("has to be specified " + INLINE);
        }
        accessModes(spec.at("accessModes"), true);
        Place policy = spec.at("persistentVolumeReclaimPolicy");
        if (policy.isSet() && !policy.text().equals("Retain")) {
            policy.forbidden("may only be Retain " + INLINE);
        }
        if (spec.at("nodeAffinity").isThere()) {
            spec.at("nodeAffinity").forbidden(NOT_INLINE);
        }
        source(spec, "", false);
        if (spec.at("storageClassName").isSet()) {
            spec.at("storageClassName").forbidden(NOT_INLINE);
        }
        Place mode = spec.at("volumeMode");
        if (mode.isThere() && !mode.text().equals("Filesystem")) {
            mode.forbidden("may not specify volumeMode other than Filesystem " + INLINE);
        }
    }

    /** Of volumes and claims; one that only one Pod may use is used by one. */
    static void accessModes(Place modes, boolean needed) {
        if (needed && !modes.isSet()) {
            modes.required("");
        }
        Set<String> chosen = new HashSet<>();
        for (Place mode : modes.elements()) {
            Values.oneOf(mode.toldAs(modes.path()), ACCESS_MODES);
            chosen.add(mode.text());
        }
        chosen.retainAll(ACCESS_MODES);
        if (chosen.contains("ReadWriteOncePod") && chosen.size() > 1) {
            modes.forbidden("may not use ReadWriteOncePod with other access modes");
        }
    }

    private static void capacity(Place capacity) {
        if (!capacity.isSet()) {
            capacity.required("");
        }
        if (!capacity.at("storage").isThere() || capacity.node().size() > 1) {
            capacity.sorted().notSupported(List.of("storage"));
        }
        for (Place amount : capacity.sorted().entries()) {
            if (amount.text().startsWith("-")) {
                Values.quantity(amount);
            }
            StorageChecks.positive(amount);
        }
    }

    private static void source(Place spec, String volume, boolean placed) {
        String found = "";
        for (String kind : SOURCES) {
            Place source = spec.at(kind);
            if (!source.isThere()) {
                continue;
            }
            if (!found.isEmpty() && !kind.equals("flexVolume")) {
                source.toldAs(kind.equals("cephfs") ? spec.path() + ".cephFS" : source.path())
                        .forbidden("may not specify more than 1 volume type");
                continue;
            }
            found = kind;
            Rules.check("PersistentVolumeSource." + kind, source);
            switch (kind) {
                case "hostPath" -> StorageChecks.hostPath(source);
                case "nfs" -> StorageChecks.nfs(source);
                case "iscsi" -> iscsi(source, volume);
                case "fc" -> fibreChannel(source);
                case "local" -> {
                    VolumeChecks.noBackSteps(source.at("path"));
                    if (!placed) {
                        spec.at("nodeAffinity").required("Local volume requires node affinity");
                    }
                }
                case "csi" -> csi(source);
                default -> {}
            }
        }
        if (found.isEmpty()) {
            spec.required("must specify a volume type");
        }
        if (spec.in("hostPath", "path").text().equals("/")
                && spec.text("persistentVolumeReclaimPolicy").equals("Recycle")) {
            spec.at("persistentVolumeReclaimPolicy").forbidden("may not be 'recycle' for a hostPath mount of '/'");
        }
    }

    private static void csi(Place csi) {
        StorageChecks.driverName(csi.at("driver"));
        csi.at("volumeHandle").mustBeSet();
        for (String field : SECRETS) {
            Place secret = csi.at(field);
            if (secret.isThere()) {
                secret.at("name").mustBeSet();
                Values.dnsSubdomain(secret.at("name"));
                secret.at("namespace").mustBeSet();
                Values.dnsLabel(secret.at("namespace"));
            }
        }
    }

    private static void iscsi(Place iscsi, String volume) {
        Place portal = iscsi.at("targetPortal");
        Place initiator = iscsi.at("initiatorName").toldAs(iscsi.path() + ".initiatorname");
        if (initiator.isThere() && (volume + ":" + portal.text()).length() > ISCSI_LIMIT) {
            portal.toldAs(iscsi.path() + ".targetportal")
                    .invalid("Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if"
                            + " iscsi.initiatorName is specified.");
        }
        iscsi.at("iqn").mustBeSet();
        if (iscsi.at("iqn").isSet()) {
            iscsiName(iscsi.at("iqn"));
        }
        Values.range(iscsi.at("lun"), 0, LUN_LIMIT);
        Place secret = iscsi.at("secretRef");
        boolean needed = iscsi.isTrue("chapAuthDiscovery") || iscsi.isTrue("chapAuthSession");
        if (needed && !secret.isThere()) {
            secret.required("");
        }
        if (secret.isThere()) {
            secret.at("name").mustBeSet();
        }
        if (initiator.isThere()) {
            iscsiName(initiator);
        }
    }

    private static void iscsiName(Place name) {
        if (!ISCSI_NAME.matcher(name.text()).matches()) {
            name.invalid("must be valid format");
        }
    }

    private static void fibreChannel(Place channel) {
        Place targets = channel.at("targetWWNs");
        if (!targets.isSet() && !channel.at("wwids").isSet()) {
            targets.required("must specify either targetWWNs or wwids, but not both");
        }
        if (targets.isSet() && channel.at("wwids").isSet()) {
            targets.invalid("targetWWNs and wwids can not be specified simultaneously");
        }
        if (targets.isSet() && !channel.at("lun").isThere()) {
            channel.at("lun").required("lun is required if targetWWNs is specified");
        } else if (targets.isSet()) {
            Values.range(channel.at("lun"), 0, LUN_LIMIT);
        }
    }

    private static void attributesClass(Place spec) {
        Place name = spec.at("volumeAttributesClassName");
        if (!name.isThere()) {
            return;
        }
        if (name.isSet()) {
            Values.dnsSubdomain(name);
        } else {
            name.required("an empty string is disallowed");
        }
        if (!spec.at("csi").isThere()) {
            spec.at("csi").required("has to be specified when using volumeAttributesClassName");
        }
    }

    static void change(Place newer, Place stored) {
        Place before = stored.at("spec");
        Place now = newer.at("spec");
        JsonNode source = sources(now);
        if (before.at("csi").isThere() && !before.in("csi", SECRETS.get(1)).isThere()) {
            source.path("csi")
                    .asOptional()
                    .filter(JsonNode::isObject)
                    .ifPresent(csi -> ((ObjectNode) csi).remove(SECRETS.get(1)));
        }
        if (!Likeness.same(source, sources(before))) {
            newer.toldAs("spec.persistentvolumesource")
                    .forbidden("spec.persistentvolumesource is immutable after creation\n"
                            + Comparison.of(shown(sources(before)), shown(source)));
        }
        if (!Likeness.same(now.at("volumeMode").node(), before.at("volumeMode").node())) {
            now.at("volumeMode").toldAs("volumeMode").invalid("field is immutable");
        }
        Place affinity = now.at("nodeAffinity");
        Place had = before.at("nodeAffinity");
        if (had.isThere() && !Likeness.same(affinity.node(), had.node())) {
            affinity.shownAs("VolumeNodeAffinity")
                    .toldAs("nodeAffinity")
                    .invalid("field is immutable, except for updating from beta label to GA");
        }
        if (before.at("volumeAttributesClassName").isThere()
                && !now.at("volumeAttributesClassName").isThere()) {
            now.at("volumeAttributesClassName").forbidden("update from non-nil value to nil is forbidden");
        }
    }

    /** As Kubernetes keeps it, apart from what is no source. */
    private static JsonNode shown(JsonNode sources) {
        ObjectNode form = (ObjectNode) Internal.form("PersistentVolumeSpec", sources);
        return form.remove(NOT_SOURCES);
    }

    private static JsonNode sources(Place spec) {
        ObjectNode sources = JsonNodeFactory.instance.objectNode();
        for (String kind : SOURCES) {
            if (spec.at(kind).isThere()) {
                sources.set(kind, spec.at(kind).node().deepCopy());
            }
        }
        return sources;
    }
}
