package io.jollyboat.server.validation;

import io.jollyboat.api.kinds.QosClass;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What may change in a Pod once it is there: very little, and some of it only through a subresource. */
final class PodChanges {
    private static final String FIELDS = "pod updates may not change fields other than `spec.containers[*].image`,"
            + "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing"
            + " tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";
    private static final List<String> CONTAINERS = List.of("containers", "initContainers");

    private PodChanges() {}

    static void pod(Place newer, Place stored) {
        Place spec = newer.at("spec");
        Place before = stored.at("spec");
        for (String list : CONTAINERS) {
            if (spec.at(list).node().size() != before.at(list).node().size()) {
                spec.at(list).forbidden("pod updates may not add or remove containers");
                return;
            }
            for (Place container : spec.each(list)) {
                if (!container.at("image").isSet()) {
                    container.at("image").required("");
                }
            }
        }
        deadline(spec.at("activeDeadlineSeconds"), before.at("activeDeadlineSeconds"));
        tolerations(spec, before);
        gates(spec, before);
        JsonNode rest = withChangeable(spec.node(), before.node());
        if (!Likeness.same(rest, before.node())) {
            spec.forbidden(FIELDS + "\n" + difference("PodSpec", before.node(), rest));
        }
    }

    /** A write to a subresource other than status. */
    static void through(String subresource, Place newer, Place stored) {
        Place spec = newer.at("spec");
        Place before = stored.at("spec");
        if (subresource.equals("ephemeralcontainers")) {
            List<Place> now = spec.each("ephemeralContainers");
            for (Place old : before.each("ephemeralContainers")) {
                Optional<Place> same = now.stream()
                        .filter(place -> place.text("name").equals(old.text("name")))
                        .findFirst();
                if (same.isEmpty()) {
                    spec.at("ephemeralContainers")
                            .forbidden("existing ephemeral containers \"%s\" may not be removed\n"
                                    .formatted(old.text("name")));
                } else if (!Likeness.same(same.get().node(), old.node())) {
                    spec.at("ephemeralContainers")
                            .forbidden("existing ephemeral containers \"%s\" may not be changed\n%s"
                                    .formatted(
                                            old.text("name"),
                                            difference(
                                                    "EphemeralContainer",
                                                    old.node(),
                                                    same.get().node())));
                }
            }
        } else if (subresource.equals("resize")) {
            resize(newer, stored);
        }
    }

    /** Only amounts of cpu and memory may change, none may vanish, and the Pod's class stays. */
    private static void resize(Place newer, Place stored) {
        Place spec = newer.at("spec");
        JsonNode before = stored.at("spec").node();
        JsonNode rest = spec.node().deepCopy();
        for (String list : CONTAINERS) {
            keep(rest, before, list, List.of("resizePolicy"));
            for (int i = 0; i < rest.path(list).size(); i++) {
                keepAmounts(rest.path(list).path(i), before.path(list).path(i));
            }
            List<Place> containers = spec.each(list);
            for (int i = 0; i < containers.size(); i++) {
                checkKept(containers.get(i), before.path(list).path(i));
            }
        }
        if (!Likeness.same(rest, before)) {
            spec.forbidden("only cpu and memory resources are mutable");
        }
        String quality = QosClass.of(stored.node());
        if (!QosClass.of(newer.node()).equals(quality)) {
            spec.quoting(quality).invalid("Pod QOS Class may not change as a result of resizing");
        }
    }

    private static void checkKept(Place container, JsonNode before) {
        for (String amounts : List.of("limits", "requests")) {
            Place now = container.in("resources", amounts);
            boolean removed = before.path("resources").path(amounts).propertyNames().stream()
                    .anyMatch(name -> !now.node().has(name));
            if (removed) {
                now.forbidden("resource %s cannot be removed".formatted(amounts));
            }
        }
    }

    /** Makes a container's amounts of cpu and memory what they were before. */
    private static void keepAmounts(JsonNode container, JsonNode before) {
        for (String amounts : List.of("limits", "requests")) {
            JsonNode old = before.path("resources").path(amounts);
            JsonNode now = container.path("resources").path(amounts);
            if (now instanceof ObjectNode object) {
                restore(object, old, List.of("cpu", "memory"));
            }
            if (now.isEmpty() && old.isEmpty() && container.path("resources") instanceof ObjectNode resources) {
                restore(resources, before.path("resources"), List.of(amounts));
            }
        }
    }

    private static void deadline(Place now, Place before) {
        if (now.isThere()) {
            if (before.isThere() && before.number() < now.number()) {
                now.invalid("must be less than or equal to previous value");
            }
        } else if (before.isThere()) {
            now.invalid("must not update from a positive integer to nil value");
        }
    }

    private static void tolerations(Place spec, Place before) {
        List<JsonNode> now = new ArrayList<>();
        spec.each("tolerations").forEach(toleration -> now.add(withoutSeconds(toleration.node())));
        for (Place old : before.each("tolerations")) {
            if (now.stream().noneMatch(toleration -> Likeness.same(toleration, withoutSeconds(old.node())))) {
                spec.at("tolerations")
                        .forbidden("existing toleration can not be modified except its tolerationSeconds");
                return;
            }
        }
    }

    private static JsonNode withoutSeconds(JsonNode toleration) {
        JsonNode copy = toleration.deepCopy();
        if (copy instanceof ObjectNode object) {
            object.remove("tolerationSeconds");
        }
        return copy;
    }

    private static void gates(Place spec, Place before) {
        List<String> old = before.each("schedulingGates").stream()
                .map(gate -> gate.text("name"))
                .toList();
        for (Place gate : spec.each("schedulingGates")) {
            if (!old.contains(gate.text("name"))) {
                spec.at("schedulingGates")
                        .forbidden(
                                "only deletion is allowed, but found new scheduling gate '" + gate.text("name") + "'");
            }
        }
    }

    /** How a part changes, of Kubernetes' own form of it. */
    static String difference(String part, JsonNode before, JsonNode now) {
        return Comparison.of(Internal.form(part, before), Internal.form(part, now));
    }

    /** The newer spec with everything that may change as it was. */
    private static JsonNode withChangeable(JsonNode newer, JsonNode stored) {
        JsonNode copy = newer.deepCopy();
        if (!(copy instanceof ObjectNode spec)) {
            return copy;
        }
        CONTAINERS.forEach(list -> keep(spec, stored, list, List.of("image")));
        List<String> fields = new ArrayList<>(List.of("activeDeadlineSeconds", "tolerations", "schedulingGates"));
        boolean wasNegative = stored.path("terminationGracePeriodSeconds").asLong(0) < 0;
        if (wasNegative && spec.path("terminationGracePeriodSeconds").asLong(0) == 1) {
            fields.add("terminationGracePeriodSeconds");
        }
        if (!stored.path("schedulingGates").isEmpty()) {
            fields.addAll(List.of("nodeSelector", "affinity"));
        }
        restore(spec, stored, fields);
        return spec;
    }

    private static void keep(JsonNode spec, JsonNode stored, String list, List<String> fields) {
        if (!(spec.path(list) instanceof ArrayNode containers)) {
            return;
        }
        for (int i = 0; i < containers.size(); i++) {
            if (containers.get(i) instanceof ObjectNode container) {
                restore(container, stored.path(list).path(i), fields);
            }
        }
    }

    /** Makes the fields what they were before, missing where they were. */
    private static void restore(ObjectNode object, JsonNode before, List<String> fields) {
        for (String field : fields) {
            if (before.has(field)) {
                object.set(field, before.path(field));
            } else {
                object.remove(field);
            }
        }
    }
}
