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
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code pods/eviction}: deletes a Pod if the disruption budget that covers it allows that. */
final class Eviction {
    private static final Resource BUDGET = Resources.kind("policy/v1", "PodDisruptionBudget");
    private static final Set<String> UNPROTECTED = Set.of("Pending", "Succeeded", "Failed");
    /** Disruptions that a budget remembers at once; more are refused until its controller has caught up. */
    private static final int REMEMBERED = 2000;

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

    /**
     * Evicts.
     *
     * <p>Source: Kubernetes API concepts, "API-initiated Eviction".
     *
     * @throws StatusException 429 where the budget is used up, 500 where two budgets cover the Pod
     */
    ObjectNode evict(User user, Target target, ObjectNode eviction, WriteOptions options) {
        Target pod = target.withSubresource("");
        if (!Meta.name(eviction).isEmpty() && !Meta.name(eviction).equals(pod.name())) {
            throw StatusException.badRequest("name in URL does not match name in Eviction object");
        }
        ObjectNode object = storage.get(pod)
                .orElseThrow(() -> StatusException.notFound(pod))
                .object();
        DeleteOptions how = deleteOptions(eviction.path("deleteOptions"), options.dryRun());
        boolean counts =
                !UNPROTECTED.contains(object.path("status").path("phase").stringValue(""))
                        && !Meta.isBeingDeleted(object);
        if (counts) {
            budget(object).ifPresent(budget -> take(user, budget, object, options));
            updating.change(user, pod.withSubresource("status"), options, Write.Origin.BODY, before -> {
                ObjectNode after = before.deepCopy();
                Conditions.set(
                        after,
                        "DisruptionTarget",
                        "True",
                        "EvictionByEvictionAPI",
                        "Eviction API: evicting",
                        world.now());
                return after;
            });
        }
        deletion.delete(pod, how.uid().isEmpty() ? how.withUid(Meta.uid(object)) : how);
        return Statuses.success();
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

    /** Takes one disruption from the budget, or refuses. */
    private void take(User user, ObjectNode budget, ObjectNode pod, WriteOptions options) {
        Target target = new Target(BUDGET, Meta.namespace(budget), Meta.name(budget), "status");
        updating.change(user, target, options, Write.Origin.BODY, before -> {
            JsonNode status = before.path("status");
            ObjectNode after = before.deepCopy();
            if (isFree(before, pod)) {
                return after;
            }
            if (status.path("observedGeneration").longValue(0) < Meta.generation(before)) {
                throw refused(
                        "The disruption budget %s is still being processed by the server.".formatted(target.name()),
                        RETRY_SECONDS);
            }
            long allowed = status.path("disruptionsAllowed").longValue(0);
            if (allowed <= 0) {
                throw refused(
                        "The disruption budget %s needs %d healthy pods and has %d currently"
                                .formatted(
                                        target.name(),
                                        status.path("desiredHealthy").longValue(0),
                                        status.path("currentHealthy").longValue(0)),
                        0);
            }
            if (status.path("disruptedPods").size() > REMEMBERED) {
                throw StatusException.forbidden(
                        target, "DisruptedPods map too big - too many evictions not confirmed by PDB controller");
            }
            ObjectNode changed = after.withObjectProperty("status").put("disruptionsAllowed", allowed - 1);
            changed.withObjectProperty("disruptedPods").put(Meta.name(pod), Times.seconds(world.now()));
            return after;
        });
    }

    /** A Pod that is not ready costs nothing, where the budget's policy says so. */
    private static boolean isFree(ObjectNode budget, ObjectNode pod) {
        if (Conditions.isTrue(pod, "Ready")) {
            return false;
        }
        long desired = budget.path("status").path("desiredHealthy").longValue(0);
        return budget.path("spec")
                        .path("unhealthyPodEvictionPolicy")
                        .stringValue("")
                        .equals("AlwaysAllow")
                || desired > 0 && budget.path("status").path("currentHealthy").longValue(0) >= desired;
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

    private static DeleteOptions deleteOptions(JsonNode options, boolean dryRun) {
        JsonNode preconditions = options.path("preconditions");
        Optional<Propagation> propagation = options.path("propagationPolicy")
                .stringValueOpt()
                .map(policy -> Propagation.valueOf(policy.toUpperCase(Locale.ROOT)));
        JsonNode grace = options.path("gracePeriodSeconds");
        return new DeleteOptions(
                grace.isIntegralNumber() ? Optional.of(grace.longValue()) : Optional.empty(),
                propagation,
                preconditions.path("uid").stringValue(""),
                preconditions.path("resourceVersion").stringValue(""),
                dryRun || !options.path("dryRun").isEmpty());
    }
}
