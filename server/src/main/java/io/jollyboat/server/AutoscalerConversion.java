package io.jollyboat.server;

import io.jollyboat.api.Meta;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.kinds.Defaults;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Autoscalers are stored as autoscaling/v2; v1 knows only a target of processor use, and keeps the rest as JSON in
 * annotations, so that nothing is lost on the way through it.
 */
final class AutoscalerConversion {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Resource NEWER = Resources.kind("autoscaling/v2", "HorizontalPodAutoscaler");
    private static final String PREFIX = "autoscaling.alpha.kubernetes.io/";
    private static final String TARGET = "targetCPUUtilizationPercentage";
    private static final String CURRENT = "currentCPUUtilizationPercentage";
    /** From the annotation to the part of the object that it keeps. */
    private static final Map<String, String> SPEC = Map.of("metrics", "metrics", "behavior", "behavior");

    private static final Map<String, String> STATUS =
            Map.of("current-metrics", "currentMetrics", "conditions", "conditions");

    private AutoscalerConversion() {}

    static ObjectNode toOlder(ObjectNode scaler) {
        processor(scaler, "spec", "metrics", "target", TARGET);
        processor(scaler, "status", "currentMetrics", "current", CURRENT);
        SPEC.forEach((annotation, field) -> hide(scaler, "spec", field, annotation));
        STATUS.forEach((annotation, field) -> hide(scaler, "status", field, annotation));
        return scaler;
    }

    static ObjectNode toNewer(ObjectNode scaler) {
        SPEC.forEach((annotation, field) -> show(scaler, "spec", field, annotation));
        STATUS.forEach((annotation, field) -> show(scaler, "status", field, annotation));
        restore(scaler, "spec", TARGET, "metrics", "target");
        restore(scaler, "status", CURRENT, "currentMetrics", "current");
        if (scaler.path("status") instanceof ObjectNode status && !status.has("currentMetrics")) {
            status.putNull("currentMetrics");
        }
        Defaults.apply(NEWER, scaler); // v1 has no default for what to measure
        return scaler;
    }

    /** Takes the metric of processor use out of a list and puts it into a field of its own. */
    private static void processor(ObjectNode scaler, String part, String list, String value, String field) {
        if (!(scaler.path(part).path(list) instanceof ArrayNode metrics)) {
            return;
        }
        for (int i = 0; i < metrics.size(); i++) {
            JsonNode resource = metrics.get(i).path("resource");
            JsonNode use = resource.path(value).path("averageUtilization");
            if (resource.path("name").stringValue("").equals("cpu") && use.isNumber()) {
                metrics.remove(i);
                ((ObjectNode) scaler.path(part)).set(field, use);
                return;
            }
        }
    }

    private static void restore(ObjectNode scaler, String part, String field, String list, String value) {
        if (!(scaler.path(part) instanceof ObjectNode holder) || !holder.has(field)) {
            return;
        }
        JsonNode use = holder.path(field);
        holder.remove(field);
        ArrayNode metrics = holder.path(list) instanceof ArrayNode present ? present : holder.putArray(list);
        ObjectNode metric = metrics.insertObject(0).put("type", "Resource");
        ObjectNode target = metric.putObject("resource").put("name", "cpu").putObject(value);
        if (value.equals("target")) {
            target.put("type", "Utilization");
        }
        target.set("averageUtilization", use);
    }

    private static void hide(ObjectNode scaler, String part, String field, String annotation) {
        if (scaler.path(part) instanceof ObjectNode holder) {
            JsonNode value = holder.remove(field);
            if (value != null && !value.isEmpty()) {
                Meta.writable(scaler)
                        .withObjectProperty("annotations")
                        .put(PREFIX + annotation, JSON.writeValueAsString(value));
            }
        }
    }

    private static void show(ObjectNode scaler, String part, String field, String annotation) {
        if (!(Meta.writable(scaler).path("annotations") instanceof ObjectNode annotations)
                || !annotations.path(PREFIX + annotation).isString()) {
            return;
        }
        String text = annotations.remove(PREFIX + annotation).stringValue();
        try {
            JsonNode value = JSON.readTree(text);
            if (value.isContainer()) {
                scaler.withObjectProperty(part).set(field, value);
            }
        } catch (JacksonException e) {
            // nobody can read it, so it says nothing
            scaler.withObjectProperty(part).remove(field);
        }
        if (annotations.isEmpty()) {
            Meta.writable(scaler).remove("annotations");
        }
    }
}
