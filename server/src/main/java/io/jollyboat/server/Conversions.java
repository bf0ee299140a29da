package io.jollyboat.server;

import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import java.util.Map;
import java.util.function.UnaryOperator;
import tools.jackson.databind.node.ObjectNode;

/** Kinds that are offered in two versions and stored in one. */
public final class Conversions {
    /** By the version that is not stored. */
    private static final Map<String, Conversion> ALL = Map.of(
            "events.k8s.io/v1 Event",
            new Conversion(Resources.kind("v1", "Event"), EventConversion::toCore, EventConversion::fromCore),
            "autoscaling/v1 HorizontalPodAutoscaler",
            new Conversion(
                    Resources.kind("autoscaling/v2", "HorizontalPodAutoscaler"),
                    AutoscalerConversion::toNewer,
                    AutoscalerConversion::toOlder));

    private Conversions() {}

    /** @param in changes an object of the caller's version, its own copy, into the stored one; {@code out} back */
    private record Conversion(Resource stored, UnaryOperator<ObjectNode> in, UnaryOperator<ObjectNode> out) {}

    /** The version in which a kind is stored. */
    public static Resource stored(Resource resource) {
        Conversion conversion = ALL.get(key(resource));
        return conversion == null ? resource : conversion.stored();
    }

    /** From the caller's version to the stored one. */
    public static ObjectNode in(Resource resource, ObjectNode object) {
        Conversion conversion = ALL.get(key(resource));
        return conversion == null
                ? object
                : named(conversion.stored(), conversion.in().apply(object.deepCopy()));
    }

    /** What comes of an object that is stored in another version and read again. */
    static void roundTrip(Write write) {
        Conversion conversion = ALL.get(key(write.resource()));
        if (conversion != null) {
            ObjectNode object = named(write.resource(), conversion.out().apply(in(write.resource(), write.after())));
            write.after().removeAll();
            write.after().setAll(object);
        }
    }

    /** From the stored version to the caller's. */
    static ObjectNode out(Resource resource, SharedObject object) {
        Conversion conversion = ALL.get(key(resource));
        return conversion == null ? object : named(resource, conversion.out().apply(object.deepCopy()));
    }

    private static ObjectNode named(Resource resource, ObjectNode object) {
        return object.put("apiVersion", resource.apiVersion()).put("kind", resource.kind());
    }

    private static String key(Resource resource) {
        return resource.apiVersion() + " " + resource.kind();
    }
}
