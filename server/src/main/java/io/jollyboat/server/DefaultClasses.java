package io.jollyboat.server;

import io.jollyboat.api.Meta;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Names the cluster's default class in a new object that names none: of storage for claims, of controllers for Ingresses. */
final class DefaultClasses implements Step {
    private static final List<Rule> RULES = List.of(
            new Rule(
                    "persistentvolumeclaims",
                    "storageClassName",
                    "volume.beta.kubernetes.io/storage-class",
                    Resources.kind("storage.k8s.io/v1", "StorageClass"),
                    "storageclass.kubernetes.io/is-default-class"),
            new Rule(
                    "ingresses.networking.k8s.io",
                    "ingressClassName",
                    "kubernetes.io/ingress.class",
                    Resources.kind("networking.k8s.io/v1", "IngressClass"),
                    "ingressclass.kubernetes.io/is-default-class"));

    private final Storage storage;

    DefaultClasses(Storage storage) {
        this.storage = storage;
    }

    /**
     * @param field of spec that names the class
     * @param oldName the annotation that named it in former times
     * @param mark the annotation by which a class is the default
     */
    private record Rule(String kind, String field, String oldName, Resource classes, String mark) {}

    @Override
    public void take(Write write) {
        for (Rule rule : RULES) {
            if (write.isCreationOf(rule.kind())) {
                ObjectNode spec = write.after().withObjectProperty("spec");
                boolean named = spec.has(rule.field())
                        || Meta.annotation(write.after(), rule.oldName()).isPresent();
                if (!named) {
                    marked(rule).ifPresent(found -> spec.put(rule.field(), Meta.name(found)));
                }
            }
        }
    }

    /** The class that is marked; of several the newest, then the first by name. */
    private Optional<ObjectNode> marked(Rule rule) {
        Comparator<ObjectNode> newest = Comparator.comparing(
                (JsonNode c) -> c.path("metadata").path("creationTimestamp").stringValue(""));
        return storage.all(rule.classes(), "").stream()
                .filter(c ->
                        Meta.annotation(c, rule.mark()).filter("true"::equals).isPresent())
                .min(newest.reversed().thenComparing(Meta::name));
    }
}
