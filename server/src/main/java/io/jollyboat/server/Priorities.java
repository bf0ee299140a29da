package io.jollyboat.server;

import io.jollyboat.api.Meta;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.Target;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Turns the name of a PriorityClass in a new Pod into its number.
 *
 * <p>Source: Kubernetes' Priority admission controller.
 */
final class Priorities implements Step {
    private static final Resource CLASS = Resources.kind("scheduling.k8s.io/v1", "PriorityClass");
    private static final String NAME = "priorityClassName";
    private static final String NUMBER = "priority";
    private static final String POLICY = "preemptionPolicy";

    private final Storage storage;

    Priorities(Storage storage) {
        this.storage = storage;
    }

    @Override
    public void take(Write write) {
        boolean pod = write.resource().plural().equals("pods")
                && write.resource().group().isEmpty();
        if (pod && write.before().isPresent()) {
            keep(write.after(), write.before().get());
        }
        if (!write.isCreationOf("pods")) {
            return;
        }
        ObjectNode spec = write.after().withObjectProperty("spec");
        Optional<ObjectNode> chosen = chosen(write.target(), spec.path(NAME).stringValue(""));
        chosen.ifPresent(c -> spec.put(NAME, Meta.name(c)));
        long number = chosen.map(c -> c.path("value").longValue(0)).orElse(0L);
        if (spec.path(NUMBER).isIntegralNumber() && spec.path(NUMBER).longValue() != number) {
            throw StatusException.forbidden(
                    write.target(),
                    "the integer value of priority (%d) must not be provided in pod spec; priority admission controller computed %d from the given PriorityClass name"
                            .formatted(spec.path(NUMBER).longValue(), number));
        }
        String policy = chosen.map(c -> c.path(POLICY).stringValue(""))
                .filter(p -> !p.isEmpty())
                .orElse("PreemptLowerPriority");
        String asked = spec.path(POLICY).stringValue(policy);
        if (!asked.equals(policy)) {
            throw StatusException.forbidden(
                    write.target(),
                    "the string value of PreemptionPolicy (%s) must not be provided in pod spec; priority admission controller computed %s from the given PriorityClass name"
                            .formatted(asked, policy));
        }
        spec.put(NUMBER, number).put(POLICY, policy);
    }

    /** What a change of a Pod leaves out stays as it was computed. */
    private static void keep(ObjectNode after, ObjectNode before) {
        for (String field : List.of(NUMBER, POLICY)) {
            if (!after.path("spec").has(field) && before.path("spec").has(field)) {
                after.withObjectProperty("spec").set(field, before.path("spec").path(field));
            }
        }
    }

    private Optional<ObjectNode> chosen(Target pod, String name) {
        if (name.isEmpty()) {
            return storage.all(CLASS, "").stream()
                    .filter(c -> c.path("globalDefault").booleanValue(false))
                    .min(Comparator.comparingLong(
                            (JsonNode c) -> c.path("value").longValue(0)));
        }
        return Optional.of(storage.get(Target.of(CLASS, "", name))
                .orElseThrow(
                        () -> StatusException.forbidden(pod, "no PriorityClass with name %s was found".formatted(name)))
                .object());
    }
}
