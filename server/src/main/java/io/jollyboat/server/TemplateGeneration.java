package io.jollyboat.server;

import io.jollyboat.api.Meta;
import io.jollyboat.api.Trees;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Counts the templates that a DaemonSet has had, in an annotation.
 *
 * <p>Source: the conversion and the strategy of DaemonSets, which keep in memory what the annotation says.
 */
final class TemplateGeneration implements Step {
    private static final String ANNOTATION = "deprecated.daemonset.template.generation";

    @Override
    public void take(Write write) {
        boolean daemons = write.resource().plural().equals("daemonsets")
                && write.resource().group().equals("apps");
        if (daemons) {
            long count = write.before()
                    .map(before -> count(before) + (sameTemplate(before, write.after()) ? 0 : 1))
                    .orElseGet(() -> Math.max(1, count(write.after())));
            Meta.writable(write.after()).withObjectProperty("annotations").put(ANNOTATION, Long.toString(count));
        }
    }

    private static long count(ObjectNode daemons) {
        String text =
                daemons.path("metadata").path("annotations").path(ANNOTATION).asString("");
        return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
    }

    private static boolean sameTemplate(JsonNode before, JsonNode after) {
        return Trees.equal(
                before.path("spec").path("template"), after.path("spec").path("template"));
    }
}
