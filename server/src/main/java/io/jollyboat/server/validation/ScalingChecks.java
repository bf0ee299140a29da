package io.jollyboat.server.validation;

/** What must be true of autoscalers and disruption budgets. */
final class ScalingChecks {
    private ScalingChecks() {}

    static void autoscaler(Place scaler) {
        Place spec = scaler.at("spec");
        Place most = spec.at("maxReplicas").orZero();
        Place least = spec.at("minReplicas");
        Values.positive(most);
        if (least.isThere() && most.number() < least.number()) {
            most.invalid("must be greater than or equal to `minReplicas`");
        }
        for (Place metric : spec.each("metrics")) {
            Place target = metric.in("resource", "target");
            Place utilization = target.at("averageUtilization");
            Place average = target.at("averageValue");
            if (target.isThere() && !utilization.isThere() && !average.isThere()) {
                utilization.required("must set either a target raw value or a target utilization");
            } else if (utilization.isThere() && average.isThere()) {
                average.forbidden("may not set both a target raw value and a target utilization");
            }
            Values.positive(utilization);
        }
    }

    static void budget(Place budget) {
        Place spec = budget.at("spec");
        if (spec.at("minAvailable").isThere() && spec.at("maxUnavailable").isThere()) {
            spec.invalid("minAvailable and maxUnavailable cannot be both set");
        }
    }
}
