package io.jollyboat.server.validation;

import io.jollyboat.api.NameRules;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What must be true of a Job's ways to count: indexes, what a failure means and when all is done, also in the template of
 * a CronJob.
 *
 * <p>Source: the validation of the group batch.
 */
final class JobPolicies {
    private static final int RULES_LIMIT = 20;
    private static final int EXIT_CODES_LIMIT = 255;
    private static final int MANAGER_LIMIT = 63;
    private static final long PARALLELISM_LIMIT = 100_000;
    private static final long FAILED_LIMIT = 100_000;
    private static final long MANY_COMPLETIONS = 100_000;
    private static final long LIMIT_OF_MANY = 10_000;
    private static final List<String> ACTIONS = List.of("Count", "FailIndex", "FailJob", "Ignore");
    private static final List<String> STATUSES = List.of("False", "True", "Unknown");
    private static final List<String> OPERATORS = List.of("In", "NotIn");
    private static final String INDEXED_ONLY = "requires indexed completion mode";

    private JobPolicies() {}

    static void check(Place spec) {
        Place limit = spec.at("backoffLimitPerIndex");
        Place failed = spec.at("maxFailedIndexes");
        if (failed.isThere() && !limit.isThere()) {
            limit.required("when maxFailedIndexes is specified");
        }
        manager(spec.at("managedBy"));
        Place mode = spec.at("completionMode");
        boolean indexed = mode.text().equals("Indexed");
        if (indexed) {
            indexed(spec, limit, failed);
        } else if (!mode.isThere() || mode.text().equals("NonIndexed")) {
            List.of(limit, failed).forEach(JobPolicies::onlyIndexed);
        }
        if (!indexed) {
            onlyIndexed(spec.at("successPolicy").shownAs("SuccessPolicy"));
        }
        Place policy = spec.at("podFailurePolicy");
        if (policy.isThere()) {
            failures(spec, policy.at("rules"));
        }
        Place success = spec.at("successPolicy");
        if (indexed && success.isThere()) {
            success(success.at("rules"), spec.at("completions").number());
        }
        Values.oneOf(
                spec.at("podReplacementPolicy"),
                policy.isThere() ? List.of("Failed") : List.of("Failed", "TerminatingOrFailed"));
    }

    private static void onlyIndexed(Place field) {
        if (field.isThere()) {
            field.invalid(INDEXED_ONLY);
        }
    }

    private static void manager(Place manager) {
        if (!manager.isThere()) {
            return;
        }
        if (manager.isSet()) {
            Values.domainPath(manager, "must be a domain-prefixed path (such as \"acme.io/foo\")");
        } else {
            manager.required("");
        }
        if (manager.text().length() > MANAGER_LIMIT) {
            manager.tooLong(MANAGER_LIMIT);
        }
    }

    private static void indexed(Place spec, Place limit, Place failed) {
        Place completions = spec.at("completions");
        Place parallelism = spec.at("parallelism");
        if (parallelism.number() > PARALLELISM_LIMIT) {
            parallelism.invalid(
                    "must be less than or equal to %d when completion mode is Indexed".formatted(PARALLELISM_LIMIT));
        }
        if (completions.isThere() && failed.number() > completions.number()) {
            failed.invalid("must be less than or equal to completions");
        }
        if (failed.number() > FAILED_LIMIT) {
            failed.invalid("must be less than or equal to " + FAILED_LIMIT);
        }
        if (completions.number() <= MANY_COMPLETIONS || !limit.isThere()) {
            return;
        }
        if (!failed.isThere()) {
            failed.required("must be specified when completions is above " + MANY_COMPLETIONS);
        }
        for (Place field : List.of(parallelism, failed)) {
            if (field.number() > LIMIT_OF_MANY) {
                field.invalid(
                        "must be less than or equal to %d when completions are above %d and used with backoff limit per index"
                                .formatted(LIMIT_OF_MANY, MANY_COMPLETIONS));
            }
        }
    }

    private static void failures(Place spec, Place rules) {
        atMost(rules, RULES_LIMIT);
        Set<String> names = new HashSet<>();
        for (String list : List.of("containers", "initContainers")) {
            spec.in("template", "spec").each(list).forEach(container -> names.add(container.text("name")));
        }
        for (Place rule : rules.elements()) {
            Place action = rule.at("action");
            if (action.text().equals("FailIndex")
                    && !spec.at("backoffLimitPerIndex").isThere()) {
                action.invalid("requires the backoffLimitPerIndex to be set");
            }
            known(action, ACTIONS);
            Place codes = rule.at("onExitCodes");
            Place conditions = rule.at("onPodConditions");
            if (codes.isThere()) {
                exitCodes(codes, names);
            }
            atMost(conditions, RULES_LIMIT);
            for (Place condition : conditions.elements()) {
                condition
                        .at("type")
                        .quoting(condition.text("type"))
                        .invalid(NameRules.qualified(condition.text("type")));
                known(condition.at("status"), STATUSES);
            }
            if (codes.isThere() && conditions.isSet()) {
                rule.invalidAsSuch("specifying both OnExitCodes and OnPodConditions is not supported");
            } else if (!codes.isThere() && !conditions.isSet()) {
                rule.invalidAsSuch("specifying one of OnExitCodes and OnPodConditions is required");
            }
        }
    }

    private static void exitCodes(Place codes, Set<String> names) {
        known(codes.at("operator"), OPERATORS);
        Place name = codes.at("containerName");
        if (name.isThere() && !names.contains(name.text())) {
            name.invalid("must be one of the container or initContainer names in the pod template");
        }
        Place values = codes.at("values");
        if (!values.isSet()) {
            values.invalid("at least one value is required");
        }
        atMost(values, EXIT_CODES_LIMIT);
        List<Long> before = new ArrayList<>();
        boolean ordered = true;
        for (Place value : values.elements()) {
            if (value.number() == 0 && codes.text("operator").equals("In")) {
                value.invalid("must not be 0 for the In operator");
            }
            if (before.contains(value.number())) {
                value.duplicate();
            }
            ordered &= before.isEmpty() || before.getLast() <= value.number();
            before.add(value.number());
        }
        if (!ordered) {
            values.invalid("must be ordered");
        }
    }

    private static void success(Place rules, long completions) {
        if (!rules.isSet()) {
            rules.required("at least one rules must be specified when the successPolicy is specified");
        }
        atMost(rules, RULES_LIMIT);
        for (Place rule : rules.elements()) {
            Place indexes = rule.at("succeededIndexes");
            Place count = rule.at("succeededCount");
            if (!indexes.isThere() && !count.isThere()) {
                rule.required("at least one of succeededCount or succeededIndexes must be specified");
            }
            long total = indexes.isThere() ? Indexes.count(indexes, completions) : completions;
            Values.nonNegative(count);
            if (count.number() > completions) {
                count.invalid("must be less than or equal to %d (the number of specified completions)"
                        .formatted(completions));
            }
            if (indexes.isThere() && count.number() > total) {
                count.invalid(
                        "must be less than or equal to %d (the number of indexes in the specified succeededIndexes field)"
                                .formatted(total));
            }
        }
    }

    private static void known(Place value, List<String> known) {
        if (value.isSet()) {
            Values.oneOf(value, known);
        } else {
            value.required("valid values: [\"" + String.join("\" \"", known) + "\"]");
        }
    }

    private static void atMost(Place list, int limit) {
        if (list.node().size() > limit) {
            list.tooMany(list.node().size(), limit);
        }
    }
}
