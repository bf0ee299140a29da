package io.jollyboat.api.kinds;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The cells of Jobs, revisions and autoscalers. */
final class WorkloadCells {
    /** How many metrics of an autoscaler are shown. */
    private static final int METRICS_SHOWN = 2;

    static final Map<String, Cell.Rule> RULES = Map.of(
            "jobStatus", args -> (job, now) -> jobStatus(job),
            "jobCompletions", args -> (job, now) -> jobCompletions(job),
            "jobDuration", args -> (job, now) -> jobDuration(job, now),
            "controllerName", args -> (revision, now) -> controllerName(revision),
            "scaleTargets", args -> (scaler, now) -> scaleTargets(scaler));

    private WorkloadCells() {}

    private static String jobStatus(JsonNode job) {
        if (isTrue(job, "Complete")) {
            return "Complete";
        }
        if (isTrue(job, "Failed")) {
            return "Failed";
        }
        if (!TextCells.text(job, "metadata.deletionTimestamp").isEmpty()) {
            return "Terminating";
        }
        if (isTrue(job, "Suspended")) {
            return "Suspended";
        }
        return isTrue(job, "FailureTarget") ? "FailureTarget" : "Running";
    }

    private static boolean isTrue(JsonNode object, String type) {
        return TextCells.condition(object, "status.conditions", type, "status").equals("True");
    }

    private static String jobCompletions(JsonNode job) {
        long succeeded = TextCells.number(job, "status.succeeded");
        JsonNode completions = job.path("spec").path("completions");
        if (completions.isNumber()) {
            return succeeded + "/" + completions.asInt();
        }
        long parallelism = TextCells.number(job, "spec.parallelism");
        return succeeded + "/1" + (parallelism > 1 ? " of " + parallelism : "");
    }

    private static String jobDuration(JsonNode job, Instant now) {
        String start = TextCells.text(job, "status.startTime");
        if (start.isEmpty()) {
            return "";
        }
        String end = TextCells.text(job, "status.completionTime");
        return HumanDuration.of(Duration.between(Instant.parse(start), end.isEmpty() ? now : Instant.parse(end)));
    }

    private static String controllerName(JsonNode revision) {
        for (JsonNode owner : revision.path("metadata").path("ownerReferences")) {
            if (owner.path("controller").asBoolean(false)) {
                String apiVersion = owner.path("apiVersion").asString("");
                int slash = apiVersion.indexOf('/');
                String kind = owner.path("kind").asString("").toLowerCase(Locale.ROOT);
                return kind + (slash < 0 ? "" : "." + apiVersion.substring(0, slash)) + "/"
                        + owner.path("name").asString("");
            }
        }
        return TextCells.NONE;
    }

    /** {@code cpu: 10%/80%} for each metric. */
    private static String scaleTargets(JsonNode scaler) {
        JsonNode simple = scaler.path("spec").path("targetCPUUtilizationPercentage");
        if (simple.isNumber()) {
            String current = TextCells.text(scaler, "status.currentCPUUtilizationPercentage");
            return "cpu: " + (current.isEmpty() ? "<unknown>" : current + "%") + "/" + simple.asInt() + "%";
        }
        List<String> targets = new ArrayList<>();
        JsonNode metrics = scaler.path("spec").path("metrics");
        JsonNode measured = scaler.path("status").path("currentMetrics");
        for (int i = 0; i < metrics.size(); i++) {
            targets.add(scaleTarget(metrics.get(i), measured.path(i)));
        }
        if (targets.isEmpty()) {
            return TextCells.NONE;
        }
        String text = String.join(", ", targets.subList(0, Math.min(METRICS_SHOWN, targets.size())));
        int more = targets.size() - METRICS_SHOWN;
        return more > 0 ? text + " + " + more + " more..." : text;
    }

    private static String scaleTarget(JsonNode metric, JsonNode measured) {
        String type = metric.path("type").asString("");
        String field = type.isEmpty() ? "" : type.substring(0, 1).toLowerCase(Locale.ROOT) + type.substring(1);
        JsonNode source = metric.path(field);
        JsonNode target = source.path("target");
        JsonNode current = measured.path(field).path("current");
        boolean average = !target.path("averageValue").asString("").isEmpty();
        String wantedField =
                average ? "averageValue" : target.has("averageUtilization") ? "averageUtilization" : "value";
        String sign = wantedField.equals("averageUtilization") ? "%" : "";
        String now = current.path(wantedField).asString("");
        String text = (now.isEmpty() ? "<unknown>" : now + sign) + "/"
                + target.path(wantedField).asString("") + sign;
        boolean named = type.equals("Resource") || type.equals("ContainerResource");
        boolean tellAverage = average && (type.equals("External") || type.equals("Object"));
        return (named ? source.path("name").asString("") + ": " : "") + text + (tellAverage ? " (avg)" : "");
    }
}
