package io.jollyboat.server.validation;

import io.jollyboat.api.NameRules;
import io.jollyboat.server.validation.Schedule.BadSchedule;
import java.time.ZoneId;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What must be true of Jobs and CronJobs. */
final class JobChecks {
    /** A CronJob's name leaves room for the time that its Jobs' names end with. */
    private static final int CRON_JOB_NAME_LIMIT = 52;

    private JobChecks() {}

    static void job(Place job) {
        Place spec = job.at("spec");
        Place selector = spec.at("selector");
        if (selector.isThere()) {
            Values.selector(selector);
        } else {
            selector.required("");
        }
        Place labels = spec.in("template", "metadata", "labels");
        if (spec.at("template").isThere() && !WorkloadChecks.matches(selector, labels.node())) {
            labels.shownAs("{}").invalid(WorkloadChecks.MISMATCH);
        }
        template(spec);
    }

    /** A Job's Pods bear its labels, and their selector asks for these alone. */
    static void generated(Place job) {
        Place spec = job.at("spec");
        Place selector = spec.at("selector");
        if (spec.isTrue("manualSelector") || !selector.isThere()) {
            return;
        }
        String uid = job.in("metadata", "uid").text();
        String name = job.in("metadata", "name").text();
        ObjectNode expected = JsonNodeFactory.instance.objectNode();
        for (String prefix : List.of("", "batch.kubernetes.io/")) {
            expected.put(prefix + "controller-uid", uid).put(prefix + "job-name", name);
        }
        Place labels = spec.in("template", "metadata", "labels");
        for (String label : expected.propertyNames()) {
            Place given = labels.key(label);
            String wanted = expected.path(label).asString();
            if (!given.isThere()) {
                given.required("must be '" + wanted + "'");
            } else if (!given.text().equals(wanted)) {
                labels.shownAs("{}").toldAs(given.path()).invalid("must be '" + wanted + "'");
            }
        }
        if (!WorkloadChecks.matches(selector, expected)) {
            selector.shownAs("LabelSelector").invalid("`selector` not auto-generated");
        }
    }

    /** The Pods of an indexed Job bear its name and their number. */
    static void hostname(Place job) {
        Place name = job.in("metadata", "name");
        Place spec = job.at("spec");
        long completions = spec.at("completions").number();
        if (spec.text("completionMode").equals("Indexed") && completions > 0) {
            String longest = name.text() + "-" + (completions - 1);
            if (!NameRules.dnsLabel(longest).isEmpty()) {
                name.orEmpty().invalid("will not able to create pod with invalid DNS label: " + longest);
            }
        }
    }

    private static void template(Place spec) {
        JobPolicies.check(spec);
        Place policy = spec.in("template", "spec", "restartPolicy");
        switch (policy.text()) {
            case "", "Always" -> policy.required("valid values: \"OnFailure\", \"Never\"");
            case "OnFailure" -> {
                if (spec.at("podFailurePolicy").isThere()) {
                    policy.invalid("only \"Never\" is supported when podFailurePolicy is specified");
                }
            }
            case "Never" -> {}
            default -> policy.notSupported(List.of("OnFailure", "Never"));
        }
    }

    static void jobChange(Place newer, Place stored) {
        Place completions = newer.in("spec", "completions");
        boolean indexed = newer.in("spec", "completionMode").text().equals("Indexed");
        if (!Likeness.same(completions.node(), stored.in("spec", "completions").node())) {
            if (!indexed) {
                completions.invalid("field is immutable");
            } else if (completions.isThere()
                    && completions.number() != newer.in("spec", "parallelism").number()) {
                completions.invalid("can only be modified in tandem with spec.parallelism");
            }
        }
        JsonNode now = newer.in("spec", "template").node().deepCopy();
        JsonNode before = stored.in("spec", "template").node();
        boolean paused = stored.at("spec").isTrue("suspend")
                && !stored.in("status", "startTime").isThere();
        if (paused && now.path("spec") instanceof ObjectNode spec) {
            for (String field : List.of("nodeSelector", "affinity", "tolerations", "schedulingGates")) {
                JsonNode old = before.path("spec").path(field);
                if (old.isMissingNode()) {
                    spec.remove(field);
                } else {
                    spec.set(field, old);
                }
            }
            if (now.path("metadata") instanceof ObjectNode metadata) {
                metadata.set("labels", before.path("metadata").path("labels"));
                metadata.set("annotations", before.path("metadata").path("annotations"));
            }
        }
        if (!Likeness.same(now, before)) {
            newer.in("spec", "template").shownAs("PodTemplateSpec").invalid("field is immutable");
        }
    }

    static void cronJob(Place job) {
        Place name = job.in("metadata", "name");
        if (name.text().length() > CRON_JOB_NAME_LIMIT) {
            name.invalid("must be no more than " + CRON_JOB_NAME_LIMIT + " characters");
        }
        Place spec = job.at("spec");
        Place schedule = spec.at("schedule");
        if (schedule.isSet()) {
            schedule(schedule);
        }
        Place zone = spec.at("timeZone");
        if (zone.isThere()) {
            zone(zone);
        }
        Place template = spec.in("jobTemplate", "spec");
        if (template.isTrue("manualSelector")) {
            template.at("manualSelector").notSupported(List.of("nil", "false"));
        }
        if (template.at("selector").isThere()) {
            template.at("selector").shownAs("LabelSelector").invalid("`selector` will be auto-generated");
        }
        template(template);
    }

    private static void schedule(Place schedule) {
        String text = schedule.text();
        if (text.contains("TZ")) {
            schedule.invalid("cannot use TZ or CRON_TZ in schedule, use timeZone field instead");
            return;
        }
        try {
            Schedule.check(text);
        } catch (BadSchedule e) {
            schedule.invalid(e.words());
        }
    }

    private static void zone(Place zone) {
        String text = zone.text();
        if (text.isEmpty()) {
            zone.invalid("timeZone must be nil or non-empty string");
        } else if (text.equalsIgnoreCase("Local")) {
            zone.invalid("timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones");
        } else if (!ZoneId.getAvailableZoneIds().contains(text)) {
            zone.invalid("unknown time zone " + text);
        }
    }
}
