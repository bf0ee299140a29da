package io.jollyboat.server;

import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.DeleteOptions.Propagation;
import io.jollyboat.api.Meta;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Cause;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.Target;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.api.selectors.LabelSelector;
import io.jollyboat.world.World;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code pods/eviction}: deletes a Pod if the disruption budget that covers it allows that. */
final class Eviction {
    private static final Resource BUDGET = Resources.kind("policy/v1", "PodDisruptionBudget");
    private static final Set<String> ENDED = Set.of("Succeeded", "Failed");
    /** Disruptions that a budget remembers at once; more are refused until its controller has caught up. */
    private static final int REMEMBERED = 2000;
    /** How often a Pod is looked at again that others write at the same time. */
    private static final int ATTEMPTS = 20;

    private static final int RETRY_SECONDS = 10;
    private static final String VIOLATION = "Cannot evict pod as it would violate the pod's disruption budget.";

    private final World world;
    private final Storage storage;
    private final Updating updating;
    private final Deletion deletion;

    Eviction(World world, Storage storage, Updating updating, Deletion deletion) {
        this.world = world;
        this.storage = storage;
        this.updating = updating;
        this.deletion = deletion;
    }

    /** Who evicts what, and how. */
    private record Request(User user, Target pod, DeleteOptions how, WriteOptions options) {
        /** Whether the client says of which version of the Pod it speaks. */
        boolean namesVersion() {
            return !how.resourceVersion().isEmpty();
        }

        /** The deletion, of exactly that version of the Pod where the client names none. */
        DeleteOptions exactly(ObjectNode object) {
            return namesVersion() ? how : how.withResourceVersion(Meta.resourceVersion(object));
        }
    }

    /**
     * Evicts.
     *
     * <p>Source: Kubernetes API concepts, "API-initiated Eviction", and the words of Kubernetes 1.35. Unlike there the
     * preconditions are asked before anything is taken from a budget.
     *
     * @throws StatusException 429 where the budget is used up or not yet counted, 500 where two budgets cover the Pod,
     *     409 where a precondition does not hold
     */
    ObjectNode evict(User user, Target target, ObjectNode eviction, WriteOptions options) {
        Target pod = target.withSubresource("");
        if (!Meta.name(eviction).equals(pod.name())) {
            throw StatusException.badRequest("name in URL does not match name in Eviction object");
        }
        DeleteOptions how = deleteOptions(eviction.path("deleteOptions"), options.dryRun());
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            ObjectNode object = storage.get(pod)
                    .orElseThrow(() -> StatusException.notFound(pod))
                    .object();
            checkPreconditions(pod, object, how);
            Request request =
                    new Request(user, pod, how.withUid(Meta.uid(object)), how.dryRun() ? options.imagined() : options);
            if (!needsNoBudget(object)) {
                guarded(request, object);
                return Statuses.success();
            }
            if (ended(request, object)) {
                return Statuses.success();
            }
        }
        throw StatusException.conflict(pod, Updating.MODIFIED);
    }

    private static boolean isOver(ObjectNode pod) {
        return ENDED.contains(phase(pod)) || Meta.isBeingDeleted(pod);
    }

    private static boolean needsNoBudget(ObjectNode pod) {
        return isOver(pod) || phase(pod).equals("Pending");
    }

    private static String phase(ObjectNode pod) {
        return pod.path("status").path("phase").stringValue("");
    }

    /** Deletes a Pod that no budget protects; false when it must be looked at again, for it may have become ready. */
    private boolean ended(Request request, ObjectNode object) {
        if (isOver(object) || request.namesVersion()) {
            end(request, request.how());
            return true;
        }
        try {
            end(request, request.exactly(object));
            return true;
        } catch (StatusException e) {
            if (!e.is(Reason.CONFLICT)) {
                throw e;
            }
            return false;
        }
    }

    private void guarded(Request request, ObjectNode object) {
        Optional<ObjectNode> budget = budget(object);
        if (budget.isEmpty() || !isFree(budget.get(), object)) {
            budget.ifPresent(found -> take(request, found));
            end(request, request.how());
            return;
        }
        try {
            end(request, request.exactly(object));
        } catch (StatusException e) {
            if (e.is(Reason.CONFLICT) && !request.namesVersion()) {
                throw unsettled(Meta.name(budget.get())); // it may have become ready
            }
            throw e;
        }
    }

    private Optional<ObjectNode> budget(ObjectNode pod) {
        List<ObjectNode> budgets = storage.all(BUDGET, Meta.namespace(pod)).stream()
                .filter(b -> b.path("spec").path("selector").isObject())
                .filter(b -> LabelSelector.of(b.path("spec").path("selector")).matches(Meta.labelsNode(pod)))
                .toList();
        if (budgets.size() > 1) {
            throw StatusException.of(
                    Reason.INTERNAL_ERROR,
                    "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.");
        }
        return budgets.stream().findFirst();
    }

    /** A Pod that is not ready costs nothing where enough others are, or where the budget says so. */
    private static boolean isFree(ObjectNode budget, ObjectNode pod) {
        if (Conditions.isTrue(pod, "Ready")) {
            return false;
        }
        JsonNode status = budget.path("status");
        long desired = status.path("desiredHealthy").longValue(0);
        return budget.path("spec")
                        .path("unhealthyPodEvictionPolicy")
                        .stringValue("")
                        .equals("AlwaysAllow")
                || desired > 0 && status.path("currentHealthy").longValue(0) >= desired;
    }

    /** Takes one disruption from the budget, or refuses. */
    private void take(Request request, ObjectNode budget) {
        Target target = new Target(BUDGET, Meta.namespace(budget), Meta.name(budget), "status");
        updating.change(request.user(), target, request.options(), Write.Origin.BODY, before -> {
            checkAllowed(before);
            ObjectNode after = before.deepCopy();
            ObjectNode status = after.withObjectProperty("status");
            long left = status.path("disruptionsAllowed").longValue(0) - 1;
            status.put("disruptionsAllowed", left);
            status.withObjectProperty("disruptedPods").put(request.pod().name(), Times.seconds(world.now()));
            if (left == 0) {
                Conditions.set(after, "DisruptionAllowed", "False", "InsufficientPods", "", world.now());
            }
            return after;
        });
    }

    private static void checkAllowed(ObjectNode budget) {
        String name = Meta.name(budget);
        JsonNode status = budget.path("status");
        long allowed = status.path("disruptionsAllowed").longValue(0);
        if (status.path("observedGeneration").longValue(0) < Meta.generation(budget)) {
            throw unsettled(name);
        }
        if (allowed < 0) {
            throw forbidden(name, "pdb disruptions allowed is negative");
        }
        if (status.path("disruptedPods").size() > REMEMBERED) {
            throw forbidden(name, "DisruptedPods map too big - too many evictions not confirmed by PDB controller");
        }
        if (allowed == 0) {
            throw refused(
                    "The disruption budget %s needs %d healthy pods and has %d currently"
                            .formatted(
                                    name,
                                    status.path("desiredHealthy").longValue(0),
                                    status.path("currentHealthy").longValue(0)),
                    0);
        }
    }

    /** Says in the Pod why it goes, and deletes it. */
    private void end(Request request, DeleteOptions how) {
        DeleteOptions last = how;
        if (!how.dryRun()) {
            ObjectNode told = updating.change(
                    request.user(),
                    request.pod().withSubresource("status"),
                    request.options(),
                    Write.Origin.BODY,
                    before -> told(request.pod(), before, how));
            last = how.resourceVersion().isEmpty() ? how : how.withResourceVersion(Meta.resourceVersion(told));
        }
        deletion.delete(request.pod(), last);
    }

    private ObjectNode told(Target pod, ObjectNode before, DeleteOptions how) {
        checkPreconditions(pod, before, how);
        ObjectNode after = before.deepCopy();
        Conditions.set(
                after, "DisruptionTarget", "True", "EvictionByEvictionAPI", "Eviction API: evicting", world.now());
        return after;
    }

    private static void checkPreconditions(Target pod, ObjectNode object, DeleteOptions how) {
        if (!how.uid().isEmpty() && !how.uid().equals(Meta.uid(object))) {
            throw StatusException.conflict(
                    pod,
                    "the UID in the precondition (%s) does not match the UID in record (%s). The object might have been deleted and then recreated"
                            .formatted(how.uid(), Meta.uid(object)));
        }
        String version = Meta.resourceVersion(object);
        if (!how.resourceVersion().isEmpty() && !how.resourceVersion().equals(version)) {
            throw StatusException.conflict(
                    pod,
                    "the ResourceVersion in the precondition (%s) does not match the ResourceVersion in record (%s). The object might have been modified"
                            .formatted(how.resourceVersion(), version));
        }
    }

    private static StatusException unsettled(String budget) {
        return refused(
                "The disruption budget %s is still being processed by the server.".formatted(budget), RETRY_SECONDS);
    }

    private static StatusException refused(String cause, int retryAfterSeconds) {
        return new StatusException(new StatusException.Failure(
                Reason.TOO_MANY_REQUESTS,
                VIOLATION,
                "",
                "",
                "",
                "",
                List.of(new Cause("DisruptionBudget", cause, "")),
                retryAfterSeconds));
    }

    private static StatusException forbidden(String budget, String why) {
        String kind = "poddisruptionbudget"; // one of them: so does Kubernetes here
        return new StatusException(new StatusException.Failure(
                Reason.FORBIDDEN,
                "%s.%s \"%s\" is forbidden: %s".formatted(kind, BUDGET.group(), budget, why),
                budget,
                BUDGET.group(),
                kind,
                "",
                List.of(),
                0));
    }

    private static DeleteOptions deleteOptions(JsonNode options, boolean dryRun) {
        JsonNode preconditions = options.path("preconditions");
        Optional<Propagation> propagation =
                options.path("propagationPolicy").stringValueOpt().map(Eviction::propagation);
        JsonNode grace = options.path("gracePeriodSeconds");
        return new DeleteOptions(
                grace.isIntegralNumber() ? Optional.of(grace.longValue()) : Optional.empty(),
                propagation,
                preconditions.path("uid").stringValue(""),
                preconditions.path("resourceVersion").stringValue(""),
                dryRun || !options.path("dryRun").isEmpty());
    }

    private static Propagation propagation(String policy) {
        return Arrays.stream(Propagation.values())
                .filter(known -> known.name().equalsIgnoreCase(policy))
                .findFirst()
                .orElseThrow(() -> StatusException.badRequest("unknown propagationPolicy \"" + policy + "\""));
    }
}
