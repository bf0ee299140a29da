package io.jollyboat.server.validation;

import io.jollyboat.api.Quantity;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What must be true of volumes and claims, and what may change in them. */
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

    private static final String CLAIM_FIXED = "spec is immutable after creation except resources.requests and"
            + " volumeAttributesClassName for bound claims\n";

    private StorageChecks() {}

    static void volume(Place volume) {
        Place spec = volume.at("spec");
        spec.values("capacity").forEach(Values::quantity);
        if (spec.at("capacity").isSet() && !spec.in("capacity", "storage").isThere()) {
            spec.at("capacity").notSupported(List.of("storage"));
        }
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
        Place nodes = spec.in("nodeAffinity", "required");
        if (nodes.isThere()) {
            AffinityChecks.nodeSelector(nodes);
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
        Place size = claim.in("spec", "resources", "requests", "storage");
        Place told = new Place("spec.resources[storage]", size.node(), claim.causes());
        if (!size.isThere()) {
            told.required("");
        } else if (Quantity.parse(size.text()).filter(Quantity::isZero).isPresent()) {
            told.invalid("must be greater than zero");
        } else {
            Values.quantity(told);
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
