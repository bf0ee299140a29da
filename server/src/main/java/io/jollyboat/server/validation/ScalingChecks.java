package io.jollyboat.server.validation;

import io.jollyboat.api.Quantity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What must be true of autoscalers and disruption budgets.
 *
 * <p>Source: the validation of the groups autoscaling and policy.
 */
final class ScalingChecks {
    private static final int LONGEST_WINDOW_SECONDS = 3600;
    private static final int LONGEST_PERIOD_SECONDS = 1800;
    /** The field that belongs to each type of metric. */
    private static final Map<String, String> SOURCES = Map.of(
            "Object", "object",
            "External", "external",
            "Pods", "pods",
            "Resource", "resource",
            "ContainerResource", "containerResource");

    private static final List<String> TYPES = List.of("ContainerResource", "External", "Object", "Pods", "Resource");
    /** The metrics that are there without a single Pod. */
    private static final Set<String> OF_IDLE = Set.of("Object", "External");

    private static final List<String> TARGETS = List.of("Utilization", "Value", "AverageValue");
    private static final String ABOVE_ZERO = "must be greater than zero";

    private ScalingChecks() {}

    static void autoscaler(Place scaler) {
        Place spec = scaler.at("spec");
        Place most = spec.at("maxReplicas").orZero();
        Place least = spec.at("minReplicas");
        if (least.isThere() && least.number() < 1) {
            least.invalid("must be greater than or equal to 1");
        }
        Values.positive(most);
        if (least.isThere() && most.number() < least.number()) {
            most.invalid("must be greater than or equal to `minReplicas`");
        }
        reference(spec.at("scaleTargetRef"));
        spec.each("metrics").forEach(ScalingChecks::metric);
        boolean idle = least.isThere() && least.number() == 0;
        if (idle && spec.each("metrics").stream().noneMatch(m -> OF_IDLE.contains(m.text("type")))) {
            spec.at("metrics")
                    .forbidden(
                            "must specify at least one Object or External metric to support scaling to zero replicas");
        }
        rules(spec.in("behavior", "scaleUp"));
        rules(spec.in("behavior", "scaleDown"));
    }

    /** New ones name the group of what they scale; core has one kind that scales. */
    static void autoscalerCreated(Place scaler) {
        if (!namesGroup(scaler)) {
            scaler.in("spec", "scaleTargetRef", "apiVersion").orEmpty().invalid("apiVersion must specify API group");
        }
    }

    /** Those that never did go on without. */
    static void autoscalerChange(Place newer, Place stored) {
        if (namesGroup(stored)) {
            autoscalerCreated(newer);
        }
    }

    private static boolean namesGroup(Place scaler) {
        Place target = scaler.in("spec", "scaleTargetRef");
        return target.text("apiVersion").contains("/") || target.text("kind").equals("ReplicationController");
    }

    private static void reference(Place reference) {
        for (String field : List.of("kind", "name")) {
            if (reference.at(field).isSet()) {
                Values.pathSegment(reference.at(field));
            } else {
                reference.at(field).required("");
            }
        }
    }

    private static void metric(Place metric) {
        String type = metric.text("type");
        if (type.isEmpty()) {
            metric.at("type").required("must specify a metric source type");
        }
        Values.oneOf(metric.at("type").quoting(type), TYPES);
        List<Place> given = new ArrayList<>();
        for (String name : List.of("Object", "External", "Pods", "Resource", "ContainerResource")) {
            Place source = metric.at(SOURCES.getOrDefault(name, ""));
            if (source.isThere()) {
                given.add(source);
                if (given.size() == 1) {
                    source(source, name);
                }
            }
        }
        String wanted = SOURCES.getOrDefault(type, "");
        if (!wanted.isEmpty() && !metric.at(wanted).isThere()) {
            metric.at(wanted).required("must populate information for the given metric source");
        }
        if (given.size() != 1) {
            given.stream()
                    .filter(source -> !source.path().equals(metric.at(wanted).path()))
                    .forEach(source -> source.forbidden("must populate the given metric source only"));
        }
    }

    private static void source(Place source, String type) {
        Place target = source.at("target");
        switch (type) {
            case "Object" -> {
                reference(source.at("describedObject"));
                identifier(source.at("metric"));
                target(target);
                if (!target.at("value").isThere() && !target.at("averageValue").isThere()) {
                    target.at("averageValue").required("must set either a target value or averageValue");
                }
            }
            case "External" -> {
                identifier(source.at("metric"));
                target(target);
                boolean value = target.at("value").isThere();
                boolean average = target.at("averageValue").isThere();
                if (!value && !average) {
                    target.at("averageValue").required("must set either a target value for metric or a per-pod target");
                } else if (value && average) {
                    target.at("value").forbidden("may not set both a target value for metric and a per-pod target");
                }
            }
            case "Pods" -> {
                identifier(source.at("metric"));
                target(target);
                if (!target.at("averageValue").isThere()) {
                    target.at("averageValue").required("must specify a positive target averageValue");
                }
            }
            default -> resource(source, type.equals("ContainerResource"));
        }
    }

    private static void resource(Place source, boolean ofContainer) {
        if (!source.at("name").isSet()) {
            source.at("name").required("must specify a resource name");
        }
        if (ofContainer && source.at("name").isSet()) {
            Place name = source.at("name");
            ResourceChecks.name(name, name.text());
            ResourceChecks.ofContainers(name, name.text());
        }
        if (ofContainer && !source.at("container").isSet()) {
            source.at("container").required("must specify a container");
        } else if (ofContainer) {
            Values.dnsLabel(source.at("container"));
        }
        Place target = source.at("target");
        target(target);
        boolean utilization = target.at("averageUtilization").isThere();
        boolean average = target.at("averageValue").isThere();
        if (!utilization && !average) {
            target.at("averageUtilization").required("must set either a target raw value or a target utilization");
        } else if (utilization && average) {
            target.at("averageValue").forbidden("may not set both a target raw value and a target utilization");
        }
    }

    private static void identifier(Place metric) {
        if (metric.at("name").isSet()) {
            Values.pathSegment(metric.at("name"));
        } else {
            metric.at("name").required("must specify a metric name");
        }
    }

    private static void target(Place target) {
        Place type = target.at("type");
        if (!type.isSet()) {
            type.required("must specify a metric target type");
        }
        if (!TARGETS.contains(type.text())) {
            type.quoting(type.text()).invalid("must be either Utilization, Value, or AverageValue");
        }
        for (String field : List.of("value", "averageValue")) {
            if (target.at(field).isThere() && !isPositive(target.at(field))) {
                target.at(field).invalid("must be positive");
            }
        }
        Values.positive(target.at("averageUtilization"));
    }

    private static boolean isPositive(Place amount) {
        return Quantity.parse(amount.text())
                .filter(quantity -> !quantity.isNegative() && !quantity.isZero())
                .isPresent();
    }

    private static void rules(Place rules) {
        if (!rules.isThere()) {
            return;
        }
        Place window = rules.at("stabilizationWindowSeconds");
        if (window.number() < 0) {
            window.invalid("must be greater than or equal to zero");
        } else if (window.number() > LONGEST_WINDOW_SECONDS) {
            window.invalid("must be less than or equal to " + LONGEST_WINDOW_SECONDS);
        }
        Values.oneOf(rules.at("selectPolicy"), List.of("Disabled", "Max", "Min"));
        if (!rules.at("policies").isSet()) {
            rules.at("policies").required("must specify at least one Policy");
        }
        for (Place policy : rules.each("policies")) {
            Values.oneOf(policy.at("type").quoting(policy.text("type")), List.of("Percent", "Pods"));
            Place period = policy.at("periodSeconds").orZero();
            for (Place number : List.of(policy.at("value").orZero(), period)) {
                if (number.number() <= 0) {
                    number.invalid(ABOVE_ZERO);
                }
            }
            if (period.number() > LONGEST_PERIOD_SECONDS) {
                period.invalid("must be less than or equal to " + LONGEST_PERIOD_SECONDS);
            }
        }
        Place tolerance = rules.at("tolerance");
        Quantity.parse(tolerance.text())
                .filter(Quantity::isNegative)
                .ifPresent(wrong -> tolerance.invalid("must be greater or equal to zero"));
    }

    static void budget(Place budget) {
        Place spec = budget.at("spec");
        if (spec.at("minAvailable").isThere() && spec.at("maxUnavailable").isThere()) {
            spec.shownAs("PodDisruptionBudgetSpec").invalid("minAvailable and maxUnavailable cannot be both set");
        }
    }
}
