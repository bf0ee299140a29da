package io.jollyboat.node;

import io.jollyboat.api.Meta;
import io.jollyboat.node.Observed.Run;
import io.jollyboat.node.Observed.Sandbox;
import io.jollyboat.node.Plan.Waiting;
import io.jollyboat.node.Pod.Container;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The status of a Pod as the kubelet writes it: from what runs, what is remembered and the plan.
 *
 * <p>Source: Kubernetes' API reference (PodStatus) and documentation, "Pod lifecycle".
 */
final class PodStatus {
    /** Where a status holds those of containers. */
    static final List<String> LISTS =
            List.of("containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses");

    private final Pod pod;
    private final Observed seen;
    private final Known known;
    private final Plan plan;
    private final JsonNode before;
    private final NodeHost host;
    private final Instant now;
    private final Function<Run, String> endMessage;

    /**
     * @param before the status that was written last; times of what did not change are taken from it
     * @param endMessage the termination message of a run
     */
    PodStatus(
            Pod pod,
            Observed seen,
            Known known,
            Plan plan,
            JsonNode before,
            NodeHost host,
            Instant now,
            Function<Run, String> endMessage) {
        this.pod = pod;
        this.seen = seen;
        this.known = known;
        this.plan = plan;
        this.before = before;
        this.host = host;
        this.now = now;
        this.endMessage = endMessage;
    }

    ObjectNode status() {
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        ArrayNode inits = statuses(pod.initContainers(), "initContainerStatuses");
        ArrayNode mains = statuses(pod.containers(), "containerStatuses");
        boolean expired = Decision.expired(pod, known, now)
                        && before.path("phase").stringValue("").equals("Failed")
                || Decision.expired(pod, known, now) && !Phase.of(pod, seen).ended();
        Phase phase = phase(expired);
        if (Meta.generation(pod.object()) > 0) {
            status.put("observedGeneration", Meta.generation(pod.object()));
        }
        status.put("phase", phase.text());
        status.set("conditions", conditions(phase, inits, mains));
        if (!known.evicted().isEmpty()) {
            status.put("reason", "Evicted").put("message", known.evicted());
        } else if (known.finalPhase().equals("Failed") && before.has("reason")) {
            status.set("reason", before.path("reason"));
            status.set("message", before.path("message"));
        } else if (expired) {
            status.put("reason", "DeadlineExceeded");
            status.put("message", "Pod was active on the node longer than the specified deadline");
        }
        status.put("hostIP", host.address());
        ArrayNode hostAddresses = status.putArray("hostIPs");
        host.addresses().forEach(ip -> hostAddresses.addObject().put("ip", ip));
        List<String> addresses = addresses();
        if (!addresses.isEmpty()) {
            status.put("podIP", addresses.getFirst());
            ArrayNode podAddresses = status.putArray("podIPs");
            addresses.forEach(ip -> podAddresses.addObject().put("ip", ip));
        }
        status.put("startTime", time(known.started()));
        if (!inits.isEmpty()) {
            status.set("initContainerStatuses", inits);
        }
        status.set("containerStatuses", mains);
        ArrayNode ephemeral = statuses(pod.ephemeralContainers(), "ephemeralContainerStatuses");
        if (!ephemeral.isEmpty()) {
            status.set("ephemeralContainerStatuses", ephemeral);
        }
        status.put("qosClass", Allowance.qosClass(pod));
        return status;
    }

    private Phase phase(boolean expired) {
        if (expired || !known.evicted().isEmpty() || known.finalPhase().equals("Failed")) {
            return Phase.FAILED;
        }
        return known.finalPhase().equals("Succeeded") ? Phase.SUCCEEDED : Phase.of(pod, seen);
    }

    private List<String> addresses() {
        if (pod.hostNetwork()) {
            return seen.sandboxes().isEmpty() ? List.of() : host.addresses();
        }
        return seen.ready().map(Sandbox::addresses).filter(a -> !a.isEmpty()).orElseGet(this::addressesBefore);
    }

    private List<String> addressesBefore() {
        List<String> addresses = new ArrayList<>();
        before.path("podIPs").forEach(entry -> addresses.add(entry.path("ip").stringValue("")));
        return addresses;
    }

    private ArrayNode statuses(List<Container> containers, String field) {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        for (Container container : containers) {
            Optional<Run> last = seen.last(container.name());
            JsonNode old = named(before.path(field), container.name());
            boolean over = !known.finalPhase().isEmpty() || !known.evicted().isEmpty() || pod.isBeingDeleted();
            boolean lost = last.isEmpty() && over;
            all.add(lost && old.isObject() ? ended((ObjectNode) old) : status(container, last, old));
        }
        return all;
    }

    /** A container whose runs are gone: what was known of it stays, but it runs no more. */
    private ObjectNode ended(ObjectNode old) {
        ObjectNode status = old.deepCopy();
        status.put("ready", false);
        if (status.path("state").has("running")) {
            ObjectNode end = status.putObject("state").putObject("terminated");
            end.put("exitCode", 137).put("reason", "ContainerStatusUnknown");
            end.put("message", "The container could not be located when the pod was terminated");
            end.putNull("startedAt").putNull("finishedAt");
        }
        return status;
    }

    private ObjectNode status(Container container, Optional<Run> last, JsonNode old) {
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        Known.Health health = last.map(run -> known.probes().getOrDefault(run.id(), Known.Health.UNPROBED))
                .orElse(Known.Health.UNPROBED);
        boolean running = last.filter(Run::running)
                .filter(run -> !known.hooked().contains(run.id()))
                .isPresent();
        boolean once = container.init() && !container.sidecar();
        boolean ready = once // then it is what comes after it that is waited for
                ? last.filter(Run::succeeded).isPresent()
                : !container.ephemeral() && running && health.started() && health.ready();
        last.filter(run -> run.state() != Observed.State.CREATED)
                .ifPresent(run -> status.put("containerID", "containerd://" + run.id()));
        status.put("image", last.map(Run::image).orElse(container.image()));
        status.put("imageID", last.map(Run::imageRef).orElse(""));
        last.filter(Run::running).filter(run -> !container.ephemeral()).ifPresent(run -> resources(status, run));
        ObjectNode lastState = status.putObject("lastState");
        status.put("name", container.name());
        status.put("ready", ready);
        status.put("restartCount", restartCount(container, last, old));
        status.put("started", running && health.started());
        status.set("state", state(container, last));
        boolean waits = status.path("state").has("waiting");
        Optional<Run> past = waits ? last : seen.previous(container.name());
        if (past.filter(Run::ended).isPresent()) {
            lastState.set("terminated", terminated(past.get()));
        } else if (waits && last.isEmpty() && old.path("lastState").has("terminated")) {
            lastState.set("terminated", old.path("lastState").path("terminated"));
        }
        return status;
    }

    private int restartCount(Container container, Optional<Run> last, JsonNode old) {
        return last.map(Run::attempt)
                .orElse(known.restartCounts()
                        .getOrDefault(container.name(), old.path("restartCount").intValue(0)));
    }

    private ObjectNode state(Container container, Optional<Run> last) {
        ObjectNode state = JsonNodeFactory.instance.objectNode();
        Waiting waiting = plan.waiting().get(container.name());
        if (waiting != null) {
            ObjectNode to = state.putObject("waiting");
            if (!waiting.message().isEmpty()) {
                to.put("message", waiting.message());
            }
            to.put("reason", waiting.reason());
        } else if (last.filter(Run::running).isPresent()
                && !known.hooked().contains(last.get().id())) {
            state.putObject("running").put("startedAt", time(last.get().started()));
        } else if (last.filter(Run::ended).isPresent()) {
            state.set("terminated", terminated(last.get()));
        } else {
            boolean initializing =
                    pod.initContainers().stream().anyMatch(init -> !init.name().equals(container.name()));
            state.putObject("waiting").put("reason", initializing ? "PodInitializing" : "ContainerCreating");
        }
        return state;
    }

    private ObjectNode terminated(Run run) {
        ObjectNode end = JsonNodeFactory.instance.objectNode();
        end.put("containerID", "containerd://" + run.id());
        end.put("exitCode", run.exitCode());
        end.put("finishedAt", time(run.finished()));
        String message = run.message().isEmpty() ? endMessage.apply(run) : run.message();
        if (!message.isEmpty()) {
            end.put("message", message);
        }
        String reason = run.state() == Observed.State.UNKNOWN ? "ContainerStatusUnknown" : run.reason();
        end.put("reason", reason.isEmpty() ? (run.exitCode() == 0 ? "Completed" : "Error") : reason);
        end.put("startedAt", time(run.started()));
        return end;
    }

    private ArrayNode conditions(Phase phase, ArrayNode inits, ArrayNode mains) {
        List<String> unready = new ArrayList<>();
        List<String> uninitialized = new ArrayList<>();
        collect(mains, unready, pod.containers(), false);
        collect(inits, unready, pod.initContainers(), true);
        for (int i = 0; i < inits.size(); i++) {
            Container init = pod.initContainers().get(i);
            // a sidecar has to run, all others have to end well
            if (!inits.get(i).path(init.sidecar() ? "started" : "ready").booleanValue(false)) {
                uninitialized.add(init.name());
            }
        }
        var conditions = new Conditions(before.path("conditions"), Meta.generation(pod.object()), time(now));
        conditions.add("PodReadyToStartContainers", seen.ready().isPresent(), "", "");
        boolean initialized = uninitialized.isEmpty() || phase == Phase.SUCCEEDED || began(mains);
        conditions.add(
                "Initialized",
                initialized,
                phase == Phase.SUCCEEDED ? "PodCompleted" : initialized ? "" : "ContainersNotInitialized",
                initialized ? "" : "containers with incomplete status: [" + String.join(" ", uninitialized) + "]");
        if (resizing()) {
            known.obstacle()
                    .ifPresentOrElse(
                            why -> conditions.add("PodResizePending", true, why.reason(), why.message()),
                            () -> conditions.add("PodResizeInProgress", true, "", ""));
        }
        ready(conditions, phase, unready);
        conditions.add("PodScheduled", true, "", "");
        return conditions.nodes();
    }

    /** Whether some main container has run: then all that comes before was done at some time. */
    private static boolean began(ArrayNode mains) {
        return mains.valueStream()
                .anyMatch(main -> main.path("state").has("running")
                        || main.path("state").has("terminated")
                        || main.path("lastState").has("terminated"));
    }

    private boolean resizing() {
        return pod.allContainers().stream()
                .anyMatch(container -> seen.last(container.name())
                        .filter(run -> known.toResize(run, container))
                        .isPresent());
    }

    /** The status as a patch that also takes away addresses that were and the conditions of a resize that is over. */
    static ObjectNode replacing(ObjectNode status, JsonNode before) {
        ObjectNode patch = status.deepCopy();
        for (String list : List.of("hostIPs", "podIPs")) {
            if (patch.path(list) instanceof ArrayNode addresses) {
                addresses.addObject().put("$patch", "replace");
            }
        }
        for (String type : List.of("PodResizePending", "PodResizeInProgress")) {
            boolean over = Conditions.find(before.path("conditions"), type).isObject()
                    && Conditions.find(status.path("conditions"), type).isMissingNode();
            if (over) {
                ((ArrayNode) patch.required("conditions"))
                        .addObject()
                        .put("$patch", "delete")
                        .put("type", type);
            }
        }
        return patch;
    }

    /** What the run may use, and what of that was promised to it. */
    private void resources(ObjectNode status, Run run) {
        JsonNode given = known.given().getOrDefault(run.id(), MissingNode.getInstance());
        if (given.isObject()) {
            if (!given.path("requests").isEmpty()) {
                status.set("allocatedResources", given.path("requests"));
            }
            status.set("resources", given);
        }
    }

    private void ready(Conditions conditions, Phase phase, List<String> unready) {
        String reason = "";
        String message = "";
        if (phase == Phase.SUCCEEDED) {
            reason = "PodCompleted";
        } else if (phase == Phase.FAILED) {
            reason = "PodFailed";
        } else if (!unready.isEmpty()) {
            reason = "ContainersNotReady";
            message = "containers with unready status: [" + String.join(" ", unready) + "]";
        }
        boolean containersReady = reason.isEmpty();
        List<String> gates = new ArrayList<>();
        for (JsonNode gate : pod.spec().path("readinessGates")) {
            String type = gate.path("conditionType").stringValue("");
            JsonNode condition = Conditions.find(pod.object().path("status").path("conditions"), type);
            if (!condition.path("status").stringValue("").equals("True")) {
                gates.add(
                        condition.isObject()
                                ? "the status of pod readiness gate \"%s\" is not \"True\", but %s"
                                        .formatted(
                                                type, condition.path("status").stringValue(""))
                                : "corresponding condition of pod readiness gate \"%s\" does not exist."
                                        .formatted(type));
            }
        }
        boolean ready = containersReady && gates.isEmpty();
        conditions.add(
                "Ready",
                ready,
                containersReady && !ready ? "ReadinessGatesNotReady" : reason,
                containersReady && !ready ? String.join(", ", gates) : message);
        conditions.add("ContainersReady", containersReady, reason, message);
    }

    private static void collect(
            ArrayNode statuses, List<String> unready, List<Container> containers, boolean sidecars) {
        for (int i = 0; i < containers.size(); i++) {
            boolean counts = !sidecars || containers.get(i).sidecar();
            if (counts && !statuses.get(i).path("ready").booleanValue(false)) {
                unready.add(containers.get(i).name());
            }
        }
    }

    private static JsonNode named(JsonNode list, String name) {
        for (JsonNode each : list) {
            if (each.path("name").stringValue("").equals(name)) {
                return each;
            }
        }
        return list.path("none");
    }

    private static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
