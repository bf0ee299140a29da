package io.jollyboat.server.validation;

import io.jollyboat.api.NameRules;
import io.jollyboat.api.Resource;
import io.jollyboat.api.kinds.Parts;
import io.jollyboat.api.kinds.TextTable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** The metadata of all kinds: names, labels, annotations, owners and finalizers. */
final class Metadata {
    /** All annotations of an object together, keys and values. */
    private static final int ANNOTATIONS_LIMIT_BYTES = 256 * 1024;

    static final Set<String> STANDARD_FINALIZERS = Set.of("kubernetes", "orphan", "foregroundDeletion");
    private static final Map<String, String> SHAPES = TextTable.rows(Metadata.class, "names.txt").stream()
            .collect(Collectors.toUnmodifiableMap(List::getFirst, List::getLast));

    private Metadata() {}

    static void check(Resource resource, Place metadata) {
        Place name = metadata.at("name");
        Place base = metadata.at("generateName");
        if (base.isSet()) {
            String text = base.text();
            checkName(resource, base, text.endsWith("-") ? text.substring(0, text.length() - 1) + "a" : text);
        }
        if (name.isSet()) {
            checkName(resource, name, name.text());
        } else {
            name.required("name or generateName is required");
        }
        Place namespace = metadata.at("namespace");
        if (resource.namespaced()) {
            if (namespace.isSet()) {
                Values.dnsLabel(namespace);
            } else {
                namespace.required("");
            }
        } else if (namespace.isSet()) {
            namespace.forbidden("not allowed on this type");
        }
        labelsAndAnnotations(metadata);
        owners(metadata.at("ownerReferences"));
        finalizers(metadata.at("finalizers"));
    }

    /** @param text the name as it is judged, where a base for names may end with a dash */
    private static void checkName(Resource resource, Place place, String text) {
        switch (SHAPES.getOrDefault(Parts.subject(resource), "dnsSubdomain")) {
            case "dnsLabel" -> place.invalid(NameRules.dnsLabel(text));
            case "dns1035Label" -> place.invalid(NameRules.dns1035Label(text));
            case "pathSegment" -> Values.pathSegment(place);
            case "address" -> Values.ip(place);
            default -> place.invalid(NameRules.dnsSubdomain(text));
        }
    }

    static void labelsAndAnnotations(Place metadata) {
        Values.labels(metadata.at("labels"));
        Place annotations = metadata.at("annotations");
        Values.annotationKeys(annotations);
        long size = 0;
        for (Map.Entry<String, JsonNode> entry : annotations.node().properties()) {
            size += bytes(entry.getKey()) + bytes(entry.getValue().asString(""));
        }
        if (size > ANNOTATIONS_LIMIT_BYTES) {
            annotations.tooLong(ANNOTATIONS_LIMIT_BYTES);
        }
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static void owners(Place owners) {
        List<String> controllers = new ArrayList<>();
        for (Place each : owners.elements()) {
            Place owner = each.toldAs(owners.path());
            if (owner.text("apiVersion").isEmpty()) {
                owner.at("apiVersion").quoting("").invalid("version must not be empty");
            }
            for (String field : List.of("kind", "name", "uid")) {
                if (owner.text(field).isEmpty()) {
                    owner.at(field).quoting("").invalid("must not be empty");
                }
            }
            if (owner.text("kind").equals("Event") && owner.text("apiVersion").equals("v1")) {
                owner.shownAs("OwnerReference").invalid("/v1, Kind=Event is disallowed from being an owner");
            }
            if (owner.isTrue("controller")) {
                controllers.add(owner.text("kind") + "/" + owner.text("name"));
            }
        }
        if (controllers.size() > 1) {
            owners.shownAs("OwnerReference")
                    .invalid("Only one reference can have Controller set to true. Found \"true\" in references for "
                            + controllers.get(0) + " and " + controllers.get(1));
        }
    }

    private static void finalizers(Place finalizers) {
        List<String> names = new ArrayList<>();
        for (Place finalizer : finalizers.elements()) {
            String name = finalizer.text();
            names.add(name);
            finalizers.quoting(name).invalid(NameRules.qualified(name));
            if (name.indexOf('/') < 0 && !STANDARD_FINALIZERS.contains(name)) {
                finalizer.invalid("name is neither a standard finalizer name nor is it fully qualified");
            }
        }
        if (names.contains("orphan") && names.contains("foregroundDeletion")) {
            finalizers.invalid("finalizer orphan and foregroundDeletion cannot be both set");
        }
    }
}
