package io.jollyboat.node;

import io.jollyboat.api.Meta;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A Pod as the API has it, less what its node itself writes: so a node is not woken by its own words.
 *
 * @param object shared by many readers, never changed
 * @param status as it was when this was read; two Pods are compared by nothing of it but {@link #contradiction}
 */
record Pod(ObjectNode object, JsonNode status) {
    static final Resource RESOURCE = Resources.kind("v1", "Pod");

    /** A Pod of which nothing was written yet. */
    Pod(ObjectNode object) {
        this(object, MissingNode.getInstance());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Pod pod
                && pod.object.equals(object)
                && pod.contradiction().equals(contradiction());
    }

    @Override
    public int hashCode() {
        return object.hashCode();
    }

    /** The projection for a mirror. */
    static Pod of(ObjectNode object) {
        ObjectNode copy = object.deepCopy();
        JsonNode gates = copy.path("spec").path("readinessGates");
        if (gates.isEmpty()) {
            copy.remove("status");
        } else {
            copy.putObject("status").set("conditions", gateConditions(object, gates));
        }
        ObjectNode metadata = Meta.writable(copy);
        metadata.remove("managedFields");
        metadata.remove("resourceVersion");
        return new Pod(copy, object.path("status"));
    }

    /**
     * The condition Ready where somebody else took it back, as the cluster does while it hears nothing good of the node:
     * the containers are ready and the Pod is not. A node itself says so only of Pods with readiness gates. Missing
     * otherwise.
     */
    JsonNode contradiction() {
        JsonNode conditions = status.path("conditions");
        JsonNode ready = Conditions.find(conditions, "Ready");
        boolean contradicts = ready.isObject()
                && !Conditions.holds(ready)
                && Conditions.holds(Conditions.find(conditions, "ContainersReady"));
        return contradicts ? ready : MissingNode.getInstance();
    }

    private static JsonNode gateConditions(ObjectNode object, JsonNode gates) {
        var kept = object.arrayNode();
        for (JsonNode condition : object.path("status").path("conditions")) {
            for (JsonNode gate : gates) {
                if (gate.path("conditionType").equals(condition.path("type"))) {
                    kept.add(condition);
                }
            }
        }
        return kept;
    }

    String uid() {
        return Meta.uid(object);
    }

    String name() {
        return Meta.name(object);
    }

    String namespace() {
        return Meta.namespace(object);
    }

    /** {@code namespace/name}, for logs. */
    String key() {
        return Meta.key(object);
    }

    /** {@code name_namespace(uid)}: how the kubelet's messages name a Pod. */
    String fullName() {
        return "%s_%s(%s)".formatted(name(), namespace(), uid());
    }

    Target target() {
        return Target.of(RESOURCE, namespace(), name());
    }

    JsonNode spec() {
        return object.path("spec");
    }

    List<Container> containers() {
        return containers("containers");
    }

    List<Container> initContainers() {
        return containers("initContainers");
    }

    /** Those that somebody added to look inside; they never start again, and the Pod's phase does not heed them. */
    List<Container> ephemeralContainers() {
        return containers("ephemeralContainers");
    }

    /** All that the Pod was made with. */
    List<Container> allContainers() {
        List<Container> all = new ArrayList<>(initContainers());
        all.addAll(containers());
        return all;
    }

    Optional<Container> container(String name) {
        return Stream.concat(allContainers().stream(), ephemeralContainers().stream())
                .filter(c -> c.name().equals(name))
                .findFirst();
    }

    private List<Container> containers(String field) {
        List<Container> found = new ArrayList<>();
        for (JsonNode container : spec().path(field)) {
            found.add(new Container(container, field));
        }
        return found;
    }

    String restartPolicy() {
        return spec().path("restartPolicy").stringValue("Always");
    }

    boolean hostNetwork() {
        return spec().path("hostNetwork").booleanValue(false);
    }

    /** Whether the API had it as ended when it was read. */
    boolean ended() {
        String phase = status.path("phase").stringValue("");
        return phase.equals("Succeeded") || phase.equals("Failed");
    }

    boolean isBeingDeleted() {
        return Meta.isBeingDeleted(object);
    }

    /** When all of it shall have ended, where it is being deleted. */
    Optional<Instant> end() {
        String time = object.path("metadata").path("deletionTimestamp").stringValue("");
        return time.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(time));
    }

    /** How long its containers have to end by themselves; a negative time means one second. */
    Duration grace() {
        long seconds = spec().path("terminationGracePeriodSeconds").longValue(30);
        if (isBeingDeleted()) {
            seconds = object.path("metadata").path("deletionGracePeriodSeconds").longValue(seconds);
        }
        return Duration.ofSeconds(seconds < 0 ? 1 : seconds);
    }

    /** When it is too old, where it has a limit. */
    Optional<Instant> deadline(Instant started) {
        long seconds = spec().path("activeDeadlineSeconds").longValue(0);
        return seconds > 0 ? Optional.of(started.plusSeconds(seconds)) : Optional.empty();
    }

    /**
     * A container of a Pod's spec.
     *
     * @param list the field of the spec in which it stands
     */
    record Container(JsonNode spec, String list) {
        boolean init() {
            return list.equals("initContainers");
        }

        boolean ephemeral() {
            return list.equals("ephemeralContainers");
        }

        String name() {
            return spec.path("name").stringValue("");
        }

        String image() {
            return spec.path("image").stringValue("");
        }

        /** An init container that goes on running beside the others. */
        boolean sidecar() {
            return init() && spec.path("restartPolicy").stringValue("").equals("Always");
        }

        String pullPolicy() {
            String policy = spec.path("imagePullPolicy").stringValue("");
            return policy.isEmpty() ? ImageName.defaultPolicy(image()) : policy;
        }

        /** {@code spec.containers{web}}: how events name it. */
        String fieldPath() {
            return "spec." + list + "{" + name() + "}";
        }

        boolean has(String field) {
            return spec.path(field).isObject();
        }

        boolean hasHook(String hook) {
            return spec.path("lifecycle").path(hook).isObject();
        }
    }
}
