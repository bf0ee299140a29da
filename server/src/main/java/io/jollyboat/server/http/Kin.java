package io.jollyboat.server.http;

import io.jollyboat.api.Api;
import io.jollyboat.api.ListOptions;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.Target;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Which Pods do the same as one that is gone: those with the same controller, of a Deployment's ReplicaSets all, and one
 * that came back under the same name. A StatefulSet's Pods each have work of their own: there the name alone counts.
 *
 * @param controller the uid of what made the Pod, or of what made that; "" where there is none whose Pods are alike
 * @param replaced whether anybody makes another Pod when this one goes
 */
record Kin(String controller, boolean replaced) {
    private static final Resource PODS = Resources.kind("v1", "Pod");
    private static final Resource REPLICA_SETS = Resources.kind("apps/v1", "ReplicaSet");

    /** Who made an object (meta/v1 OwnerReference). */
    private record Owner(String kind, String name, String uid) {
        static Optional<Owner> of(JsonNode object) {
            for (JsonNode reference : object.path("metadata").path("ownerReferences")) {
                if (reference.path("controller").booleanValue(false)) {
                    return Optional.of(new Owner(
                            reference.path("kind").stringValue(""),
                            reference.path("name").stringValue(""),
                            reference.path("uid").stringValue("")));
                }
            }
            return Optional.empty();
        }
    }

    static Kin of(Api api, ObjectNode pod) {
        Optional<Owner> owner = Owner.of(pod);
        String controller = owner.filter(one -> !one.kind.equals("StatefulSet"))
                .map(one -> root(api, namespace(pod), one))
                .orElse("");
        return new Kin(controller, owner.isPresent());
    }

    /** The uid of the Deployment above a ReplicaSet, else of the owner itself. */
    private static String root(Api api, String namespace, Owner owner) {
        if (!owner.kind.equals("ReplicaSet")) {
            return owner.uid;
        }
        try {
            ObjectNode set = api.get(Target.of(REPLICA_SETS, namespace, owner.name));
            return uid(set).equals(owner.uid) ? Owner.of(set).map(Owner::uid).orElse(owner.uid) : owner.uid;
        } catch (StatusException e) {
            return owner.uid; // it is gone, or the user may not read it
        }
    }

    /** The Pod to go on with: ready, and the one of the same name before others. */
    Optional<ObjectNode> successor(Api api, Target gone, Predicate<Target> allowed) {
        List<ObjectNode> pods;
        try {
            pods = api.list(PODS, gone.namespace(), ListOptions.ALL).items();
        } catch (StatusException e) {
            return Optional.empty(); // the user may not see others
        }
        Map<String, String> roots = new HashMap<>();
        return pods.stream()
                .filter(pod -> isReady(pod) && !isGoing(pod))
                .filter(pod -> name(pod).equals(gone.name()) || isOurs(api, pod, roots))
                .filter(pod -> allowed.test(Target.of(PODS, gone.namespace(), name(pod))))
                .min(Comparator.<ObjectNode, Boolean>comparing(pod -> !name(pod).equals(gone.name()))
                        .thenComparing(Kin::name));
    }

    private boolean isOurs(Api api, ObjectNode pod, Map<String, String> roots) {
        return !controller.isEmpty()
                && Owner.of(pod)
                        .map(owner -> roots.computeIfAbsent(owner.uid, uid -> root(api, namespace(pod), owner)))
                        .filter(controller::equals)
                        .isPresent();
    }

    /** Whether it ends or has ended. */
    static boolean isGoing(ObjectNode pod) {
        String phase = pod.path("status").path("phase").stringValue("");
        return pod.path("metadata").hasNonNull("deletionTimestamp")
                || phase.equals("Succeeded")
                || phase.equals("Failed");
    }

    private static boolean isReady(ObjectNode pod) {
        for (JsonNode condition : pod.path("status").path("conditions")) {
            if (condition.path("type").stringValue("").equals("Ready")) {
                return condition.path("status").stringValue("").equals("True");
            }
        }
        return false;
    }

    static String name(ObjectNode pod) {
        return pod.path("metadata").path("name").stringValue("");
    }

    static String uid(ObjectNode pod) {
        return pod.path("metadata").path("uid").stringValue("");
    }

    private static String namespace(ObjectNode pod) {
        return pod.path("metadata").path("namespace").stringValue("");
    }
}
