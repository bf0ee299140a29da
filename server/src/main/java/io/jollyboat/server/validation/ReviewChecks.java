package io.jollyboat.server.validation;

import io.jollyboat.api.NameRules;
import io.jollyboat.api.StatusException.Cause;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What must be true of questions about access.
 *
 * <p>Source: the validation of authorization.k8s.io in Kubernetes 1.35.
 */
public final class ReviewChecks {
    /** The order in which messages show them. */
    private static final List<String> METADATA = List.of(
            "name",
            "generateName",
            "namespace",
            "resourceVersion",
            "generation",
            "labels",
            "annotations",
            "ownerReferences",
            "finalizers",
            "managedFields");

    private static final Set<String> MAPS = Set.of("labels", "annotations");
    private static final Set<String> OURS = Set.of("managedFields");
    private static final Set<String> LOCAL = Set.of("managedFields", "namespace");

    private ReviewChecks() {}

    /** What is wrong with a SelfSubjectAccessReview. */
    public static List<Cause> ofSelf(ObjectNode review) {
        List<Cause> causes = new ArrayList<>();
        Place whole = new Place("", review, causes);
        about(whole.at("spec"));
        selectors(whole.at("spec"));
        metadata(whole.at("metadata"), OURS, "must be empty");
        return causes;
    }

    /** What is wrong with a SubjectAccessReview. */
    public static List<Cause> ofSubject(ObjectNode review) {
        List<Cause> causes = new ArrayList<>();
        Place whole = new Place("", review, causes);
        subject(whole.at("spec"));
        metadata(whole.at("metadata"), OURS, "must be empty");
        return causes;
    }

    /** What is wrong with a LocalSubjectAccessReview, which asks about its own namespace alone. */
    public static List<Cause> ofLocalSubject(ObjectNode review) {
        List<Cause> causes = new ArrayList<>();
        Place whole = new Place("", review, causes);
        Place spec = whole.at("spec");
        Place metadata = whole.at("metadata");
        subject(spec);
        metadata(metadata, LOCAL, "must be empty except for namespace");
        Place namespace = spec.in("resourceAttributes", "namespace").orEmpty();
        if (spec.at("resourceAttributes").isThere() && !namespace.text().equals(metadata.text("namespace"))) {
            namespace.invalid("must match metadata.namespace");
        }
        if (spec.at("nonResourceAttributes").isThere()) {
            path(spec).invalid("disallowed on this kind of request");
        }
        return causes;
    }

    private static void subject(Place spec) {
        about(spec);
        if (spec.text("user").isEmpty() && !spec.at("groups").isSet()) {
            spec.at("user").orEmpty().invalid("at least one of user or group must be specified");
        }
        selectors(spec);
    }

    /** A question is about a resource or about a path, never both. */
    private static void about(Place spec) {
        Place resource = spec.at("resourceAttributes");
        boolean ofPath = spec.at("nonResourceAttributes").isThere();
        if (resource.isThere() && ofPath) {
            path(spec).invalid("cannot be specified in combination with resourceAttributes");
        }
        if (!resource.isThere() && !ofPath) {
            resource.invalid("exactly one of nonResourceAttributes or resourceAttributes must be specified");
        }
    }

    private static Place path(Place spec) {
        return spec.at("nonResourceAttributes").shownAs("NonResourceAttributes");
    }

    private static void metadata(Place metadata, Set<String> allowed, String detail) {
        ObjectNode shown = JsonNodeFactory.instance.objectNode();
        for (String field : METADATA) {
            JsonNode value = metadata.node().path(field);
            if (!value.isMissingNode()) {
                shown.set(field, MAPS.contains(field) ? sorted(value) : value);
            }
        }
        if (!allowed.containsAll(shown.propertyNames())) {
            new Place(metadata.path(), shown, metadata.causes()).invalid(detail);
        }
    }

    private static ObjectNode sorted(JsonNode map) {
        ObjectNode sorted = JsonNodeFactory.instance.objectNode();
        TreeMap<String, JsonNode> byKey = new TreeMap<>();
        map.properties().forEach(entry -> byKey.put(entry.getKey(), entry.getValue()));
        byKey.forEach(sorted::set);
        return sorted;
    }

    private static void selectors(Place spec) {
        Place attributes = spec.at("resourceAttributes");
        Place fields = attributes.at("fieldSelector");
        selector(fields);
        for (Place requirement : fields.each("requirements")) {
            if (requirement.text("key").isEmpty()) {
                requirement.at("key").required("must be specified");
            }
            values(requirement);
        }
        Place labels = attributes.at("labelSelector");
        selector(labels);
        for (Place requirement : labels.each("requirements")) {
            values(requirement);
            Place key = requirement.at("key").orEmpty();
            key.invalid(NameRules.qualified(key.text()));
            requirement.each("values").forEach(value -> value.invalid(NameRules.labelValue(value.text())));
        }
    }

    private static void selector(Place selector) {
        Place raw = selector.at("rawSelector");
        Place requirements = selector.at("requirements");
        if (raw.isSet() && requirements.isSet()) {
            raw.invalid("may not specified at the same time as requirements");
        }
        if (selector.isThere() && !raw.isSet() && !requirements.isSet()) {
            requirements.required(
                    "when %s is specified, requirements or rawSelector is required".formatted(selector.path()));
        }
    }

    /** Whoever knows more operators than this server may use them: they only narrow what is asked for. */
    private static void values(Place requirement) {
        Place values = requirement.at("values");
        switch (requirement.text("operator")) {
            case "In", "NotIn" -> {
                if (!values.isSet()) {
                    values.required("must be specified when `operator` is 'In' or 'NotIn'");
                }
            }
            case "Exists", "DoesNotExist" -> {
                if (values.isSet()) {
                    values.forbidden("may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
                }
            }
            default -> {}
        }
    }
}
