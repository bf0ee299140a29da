package io.jollyboat.server.validation;

import io.jollyboat.api.NameRules;
import io.jollyboat.api.Quantity;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What must be true of volumes, claims, their classes and drivers, and what may change in them. */
final class StorageChecks {
    /** The fields of a volume's spec that are no source. */
    private static final Set<String> NOT_SOURCES = Set.of(
            "accessModes",
            "capacity",
            "claimRef",
            "mountOptions",
            "nodeAffinity",
            "persistentVolumeReclaimPolicy",
            "storageClassName",
            "volumeAttributesClassName",
            "volumeMode");

    private static final List<String> ACCESS_MODES =
            List.of("ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod");
    private static final List<String> HOST_PATH_TYPES = List.of(
            "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket");
    private static final int DRIVER_NAME_LIMIT = 63;
    private static final int PARAMETERS_LIMIT = 512;
    private static final long SHORTEST_PERIOD_SECONDS = 10;
    private static final long SHORTEST_TOKEN_SECONDS = 600;
    private static final String CLAIM_FIXED = "spec is immutable after creation except resources.requests and"
            + " volumeAttributesClassName for bound claims\n";

    private StorageChecks() {}

    static void volume(Place volume) {
        Place spec = volume.at("spec");
        modes(spec.at("accessModes"));
        Place capacity = spec.at("capacity");
        if (capacity.isSet()
                && (!capacity.at("storage").isThere() || capacity.node().size() > 1)) {
            capacity.notSupported(List.of("storage"));
        }
        spec.values("capacity").forEach(StorageChecks::positive);
        sources(spec);
        Place nodes = spec.in("nodeAffinity", "required");
        if (nodes.isThere()) {
            AffinityChecks.nodeSelector(nodes);
        } else if (spec.at("nodeAffinity").isThere()) {
            nodes.required("must specify required node constraints");
        }
        if (spec.at("local").isThere() && !spec.at("nodeAffinity").isThere()) {
            spec.at("nodeAffinity").required("Local volume requires node affinity");
        }
        if (spec.in("hostPath", "path").text().equals("/")
                && spec.text("persistentVolumeReclaimPolicy").equals("Recycle")) {
            spec.at("persistentVolumeReclaimPolicy").forbidden("may not be 'recycle' for a hostPath mount of '/'");
        }
        if (spec.at("volumeAttributesClassName").isThere() && !spec.at("csi").isThere()) {
            spec.at("csi").required("has to be specified when using volumeAttributesClassName");
        }
        sourceFields(spec);
    }

    /** What volumes of Pods and volumes of the cluster have alike. */
    static void sourceFields(Place holder) {
        Place hostPath = holder.at("hostPath");
        if (hostPath.isThere()) {
            VolumeChecks.noBackSteps(hostPath.at("path"));
            Values.oneOf(hostPath.at("type"), HOST_PATH_TYPES);
        }
        VolumeChecks.noBackSteps(holder.in("local", "path"));
        Place path = holder.in("nfs", "path");
        if (holder.at("nfs").isThere() && !path.text().startsWith("/")) {
            path.orEmpty().invalid("must be an absolute path");
        }
        if (holder.at("csi").isThere()) {
            driverName(holder.in("csi", "driver"));
        }
    }

    private static void driverName(Place name) {
        if (!name.isSet()) {
            name.required("");
        }
        if (name.text().length() > DRIVER_NAME_LIMIT) {
            name.tooLong(DRIVER_NAME_LIMIT);
        }
        if (name.isSet()) {
            name.invalid(NameRules.dnsSubdomain(name.text().toLowerCase(Locale.ROOT)));
        }
    }

    /** A volume that only one Pod may use is used by one. */
    private static void modes(Place modes) {
        Set<String> chosen = new HashSet<>();
        modes.elements().forEach(mode -> chosen.add(mode.text()));
        if (chosen.contains("ReadWriteOncePod") && chosen.size() > 1) {
            modes.forbidden("may not use ReadWriteOncePod with other access modes");
        }
    }

    private static void positive(Place amount) {
        Optional<Quantity> quantity = Quantity.parse(amount.text());
        if (quantity.filter(q -> q.isZero() || q.isNegative()).isPresent()) {
            amount.quoting(quantity.get().toString()).invalid("must be greater than zero");
        } else {
            Values.quantity(amount);
        }
    }

    private static void sources(Place spec) {
        boolean found = false;
        for (Map.Entry<String, JsonNode> field : spec.node().properties()) {
            if (!NOT_SOURCES.contains(field.getKey()) && !field.getValue().isNull()) {
                if (found) {
                    spec.at(field.getKey()).forbidden("may not specify more than 1 volume type");
                }
                found = true;
            }
        }
        if (!found) {
            spec.required("must specify a volume type");
        }
    }

    static void volumeChange(Place newer, Place stored) {
        if (!Likeness.same(source(newer), source(stored))) {
            newer.at("spec").forbidden("spec.persistentvolumesource is immutable after creation");
        }
        Place affinity = newer.in("spec", "nodeAffinity");
        Place before = stored.in("spec", "nodeAffinity");
        if (before.isSet() && !Likeness.same(affinity.node(), before.node())) {
            affinity.invalid("field is immutable");
        }
    }

    private static JsonNode source(Place volume) {
        JsonNode spec = volume.at("spec").node().deepCopy();
        if (spec instanceof ObjectNode object) {
            object.remove(NOT_SOURCES);
        }
        return spec;
    }

    static void claim(Place claim) {
        claimSpec(claim.at("spec"));
    }

    /** Of a claim, or of the template of one. */
    static void claimSpec(Place spec) {
        if (!spec.at("accessModes").isSet()) {
            spec.at("accessModes").required("at least 1 access mode is required");
        }
        modes(spec.at("accessModes"));
        for (Place mode : spec.each("accessModes")) {
            Values.oneOf(mode.toldAs(spec.path() + ".accessModes"), ACCESS_MODES);
        }
        Values.dnsSubdomain(spec.at("storageClassName"));
        Place size = spec.in("resources", "requests", "storage");
        Place told = size.toldAs(spec.path() + ".resources[storage]");
        if (size.isThere()) {
            positive(told);
        } else {
            told.required("");
        }
        origin(spec.at("dataSource"));
        Place reference = spec.at("dataSourceRef");
        origin(reference);
        if (spec.at("dataSource").isThere()
                && reference.isThere()
                && !Likeness.same(spec.at("dataSource").node(), reference.node())) {
            new Place(spec.path(), JsonNodeFactory.instance.objectNode(), spec.causes())
                    .invalid("must match dataSourceRef");
        }
    }

    private static void origin(Place source) {
        if (!source.isThere()) {
            return;
        }
        source.at("name").mustBeSet();
        source.at("kind").mustBeSet();
        String group = source.text("apiGroup");
        if (group.isEmpty() && !source.text("kind").equals("PersistentVolumeClaim")) {
            source.quoting(source.text("kind"))
                    .invalid("must be 'PersistentVolumeClaim' when referencing the default apiGroup");
        }
        Values.dnsSubdomain(source.at("apiGroup"));
    }

    static void storageClass(Place type) {
        Place parameters = type.at("parameters");
        if (parameters.node().size() > PARAMETERS_LIMIT) {
            parameters.tooLong(PARAMETERS_LIMIT);
        }
        if (parameters.node().has("")) {
            parameters.quoting("").invalid("field can not be empty.");
        }
    }

    static void driver(Place driver) {
        Place spec = driver.at("spec");
        Place period = spec.at("nodeAllocatableUpdatePeriodSeconds");
        if (period.isThere() && period.number() < SHORTEST_PERIOD_SECONDS) {
            period.invalid("must be greater than or equal to 10 seconds");
        }
        Set<String> audiences = new HashSet<>();
        for (Place request : spec.each("tokenRequests")) {
            Place life = request.at("expirationSeconds");
            if (!audiences.add(request.text("audience"))) {
                request.at("audience").quoting(request.text("audience")).duplicate();
            } else if (life.isThere() && life.number() < SHORTEST_TOKEN_SECONDS) {
                life.invalid("may not specify a duration less than 10 minutes");
            } else if (life.number() > 1L << 32) {
                life.invalid("may not specify a duration larger than 2^32 seconds");
            }
        }
        Place inSecrets = spec.at("serviceAccountTokenInSecrets");
        if (inSecrets.isThere() && !spec.at("tokenRequests").isSet()) {
            inSecrets.invalid("serviceAccountTokenInSecrets is set but no tokenRequests are specified");
        }
    }

    static void claimChange(Place newer, Place stored) {
        JsonNode now = newer.at("spec").node().deepCopy();
        JsonNode before = stored.at("spec").node();
        boolean binding = before.path("volumeName").asString("").isEmpty();
        if (now instanceof ObjectNode spec && before instanceof ObjectNode old) {
            keep(spec, old, "resources");
            keep(spec, old, "volumeAttributesClassName");
            if (binding) {
                keep(spec, old, "volumeName");
            }
            if (!old.has("storageClassName")) {
                keep(spec, old, "storageClassName");
            }
        }
        if (!Likeness.same(now, before)) {
            newer.at("spec").forbidden(CLAIM_FIXED);
        }
        Place size = newer.in("spec", "resources", "requests", "storage");
        Optional<Quantity> wanted = Quantity.parse(size.text());
        Optional<Quantity> had = Quantity.parse(
                stored.in("spec", "resources", "requests", "storage").text());
        if (wanted.isEmpty() || had.isEmpty() || wanted.get().compareTo(had.get()) == 0) {
            return;
        }
        boolean bound = stored.in("status", "phase").text().equals("Bound");
        if (!bound) {
            newer.at("spec").forbidden(CLAIM_FIXED);
        } else if (wanted.get().compareTo(had.get()) < 0) {
            newer.in("spec", "resources", "requests", "storage")
                    .forbidden("field can not be less than status.capacity");
        }
    }

    private static void keep(ObjectNode spec, ObjectNode old, String field) {
        if (old.has(field)) {
            spec.set(field, old.path(field));
        } else {
            spec.remove(field);
        }
    }
}
