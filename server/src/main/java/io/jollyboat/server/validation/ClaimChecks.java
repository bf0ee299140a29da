package io.jollyboat.server.validation;

import io.jollyboat.api.NameRules;
import io.jollyboat.api.Quantity;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What must be true of claims and of the templates of claims, and what may change in them. */
final class ClaimChecks {
    private static final String OLD_CLASS = "volume.beta.kubernetes.io/storage-class";
    private static final String ATTRIBUTES = "volumeAttributesClassName";
    private static final String FIXED = "spec is immutable after creation except resources.requests and"
            + " volumeAttributesClassName for bound claims\n";
    private static final List<String> RESIZE_STATES = List.of(
            "ControllerResizeInProgress",
            "ControllerResizeInfeasible",
            "NodeResizeInProgress",
            "NodeResizeInfeasible",
            "NodeResizePending");

    private ClaimChecks() {}

    static void claim(Place claim) {
        spec(claim.at("spec"));
    }

    /** Of a claim, or of the template of one. */
    static void spec(Place spec) {
        Place modes = spec.at("accessModes");
        if (!modes.isSet()) {
            modes.required("at least 1 access mode is required");
        }
        Values.selector(spec.at("selector"));
        PersistentVolumeChecks.accessModes(modes, false);
        Place size = spec.in("resources", "requests", "storage");
        Place told = size.toldAs(spec.path() + ".resources[storage]");
        if (size.isThere()) {
            StorageChecks.positive(told);
        } else {
            told.required("");
        }
        Values.dnsSubdomain(spec.at("storageClassName"));
        Values.oneOf(spec.at("volumeMode"), List.of("Block", "Filesystem"));
        origins(spec);
        Values.dnsSubdomain(spec.at(ATTRIBUTES));
    }

    private static void origins(Place spec) {
        Place source = spec.at("dataSource");
        Place reference = spec.at("dataSourceRef");
        origin(source);
        origin(reference);
        Values.dnsLabel(reference.at("namespace"));
        if (!source.isThere() || !reference.isThere()) {
            return;
        }
        // Kubernetes shows an empty path here
        Place told = new Place(spec.path(), JsonNodeFactory.instance.objectNode(), spec.causes());
        if (reference.at("namespace").isSet()) {
            told.invalid("may not be specified when dataSourceRef.namespace is specified");
        } else if (!Likeness.same(source.node(), reference.node())) {
            told.invalid("must match dataSourceRef");
        }
    }

    private static void origin(Place source) {
        if (!source.isThere()) {
            return;
        }
        source.at("name").mustBeSet();
        source.at("kind").mustBeSet();
        if (source.text("apiGroup").isEmpty() && !source.text("kind").equals("PersistentVolumeClaim")) {
            source.quoting(source.text("kind"))
                    .invalid("must be 'PersistentVolumeClaim' when referencing the default apiGroup");
        }
        Values.dnsSubdomain(source.at("apiGroup"));
    }

    static void change(Place newer, Place stored) {
        Place spec = newer.at("spec");
        Place old = stored.at("spec");
        boolean bound = newer.in("status", "phase").text().equals("Bound");
        if (spec.node() instanceof ObjectNode now && old.node() instanceof ObjectNode before) {
            oldClass(newer, stored);
            ObjectNode then = before.deepCopy();
            if (before.path("volumeName").asString("").isEmpty()) {
                keep(then, now, "volumeName");
            }
            JsonNode rest = comparable(now, then, newer, stored, bound);
            if (!Likeness.same(rest, then)) {
                spec.forbidden(FIXED + PodChanges.difference("PersistentVolumeClaimSpec", then, rest));
            }
        }
        Place size = spec.in("resources", "requests", "storage");
        Quantity wanted = amount(size);
        if (wanted.compareTo(amount(old.in("resources", "requests", "storage"))) < 0
                && wanted.compareTo(amount(stored.in("status", "capacity", "storage"))) <= 0) {
            size.forbidden("field can not be less than status.capacity");
        }
        if (!Likeness.same(spec.at("volumeMode").node(), old.at("volumeMode").node())) {
            spec.at("volumeMode").toldAs("volumeMode").invalid("field is immutable");
        }
        if (stored.in("status", "currentVolumeAttributesClassName").isThere()
                && !spec.text(ATTRIBUTES).equals(old.text(ATTRIBUTES))
                && !spec.at(ATTRIBUTES).isSet()) {
            String what = spec.at(ATTRIBUTES).isThere() ? "empty string" : "nil";
            spec.at(ATTRIBUTES)
                    .forbidden("update to " + what
                            + " is forbidden when status.currentVolumeAttributesClassName is not nil");
        }
    }

    private static Quantity amount(Place size) {
        return Quantity.parse(size.text()).orElse(Quantity.ZERO);
    }

    /** The annotation that named the class in former times stays, unless the class moves into its field. */
    private static void oldClass(Place newer, Place stored) {
        Place now = newer.in("metadata", "annotations").key(OLD_CLASS);
        String before = stored.in("metadata", "annotations").key(OLD_CLASS).text();
        if (!moves(newer, stored) && !now.text().equals(before)) {
            now.toldAs("metadata.annotations." + OLD_CLASS).orEmpty().invalid("field is immutable");
        }
    }

    private static boolean moves(Place newer, Place stored) {
        Place now = newer.in("metadata", "annotations").key(OLD_CLASS);
        Place before = stored.in("metadata", "annotations").key(OLD_CLASS);
        Place name = newer.in("spec", "storageClassName");
        return before.isThere()
                && !stored.in("spec", "storageClassName").isThere()
                && name.isThere()
                && name.text().equals(before.text())
                && (!now.isThere() || now.text().equals(before.text()));
    }

    /** The new spec, with the old one's values where they may differ. */
    private static JsonNode comparable(ObjectNode now, ObjectNode before, Place newer, Place stored, boolean bound) {
        ObjectNode spec = now.deepCopy();
        Place annotation = stored.in("metadata", "annotations").key(OLD_CLASS);
        String name = newer.in("spec", "storageClassName").text();
        if (!before.has("storageClassName")
                && (!annotation.isThere() || annotation.text().equals(name))) {
            keep(spec, before, "storageClassName");
        }
        if (bound) {
            keep(spec, before, ATTRIBUTES);
            if (spec.path("resources").path("requests") instanceof ObjectNode requests) {
                keep(requests, before.path("resources").path("requests"), "storage");
            }
        }
        for (String field : List.of("dataSource", "dataSourceRef")) {
            if (!before.has("dataSource") || !before.has("dataSourceRef")) {
                String other = field.equals("dataSource") ? "dataSourceRef" : "dataSource";
                if (Likeness.same(now.path(field), before.path(other))) {
                    keep(spec, before, field);
                }
            }
        }
        return spec;
    }

    private static void keep(ObjectNode spec, JsonNode old, String field) {
        if (old.has(field)) {
            spec.set(field, old.path(field));
        } else {
            spec.remove(field);
        }
    }

    static void status(Place claim) {
        Place status = claim.at("status");
        status.values("capacity").forEach(Values::quantity);
        Place states = status.at("allocatedResourceStatuses");
        for (Place state : states.entries()) {
            String name = state.path()
                    .substring(states.path().length() + 1, state.path().length() - 1);
            resource(name, states);
            if (!RESIZE_STATES.contains(state.text())) {
                states.quoting(name)
                        .notSupported(RESIZE_STATES.stream().sorted().toList());
            }
        }
        Place allocated = status.at("allocatedResources");
        for (Place amount : allocated.entries()) {
            String name = amount.path()
                    .substring(allocated.path().length() + 1, amount.path().length() - 1);
            if (resource(name, allocated)) {
                Values.quantity(amount);
            }
        }
    }

    /** Of what a claim may hold: storage, or what has a name of another domain. */
    private static boolean resource(String name, Place told) {
        List<String> wrong = NameRules.qualified(name);
        told.quoting(name).invalid(wrong);
        boolean foreign = name.contains("/") && !name.contains("kubernetes.io/") || name.equals("storage");
        if (wrong.isEmpty() && !foreign) {
            told.quoting(name).notSupported(List.of("storage"));
        }
        return wrong.isEmpty() && foreign;
    }
}
