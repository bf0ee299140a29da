package io.jollyboat.api.kinds;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A way through an object such as {@code spec.containers[].ports[].name}: {@code []} stands for each element of a list,
 * {@code {}} for each value of a map, {@code .} for the object itself.
 */
public record Path(List<Step> steps) {
    private enum Branch {
        NONE,
        LIST,
        MAP
    }

    private record Step(String field, Branch branch) {}

    public Path {
        steps = List.copyOf(steps);
    }

    public static Path of(String text) {
        List<Step> steps = new ArrayList<>();
        if (text.equals(".")) {
            return new Path(steps);
        }
        for (String part : text.split("\\.")) {
            if (part.endsWith("[]")) {
                steps.add(new Step(part.substring(0, part.length() - 2), Branch.LIST));
            } else if (part.endsWith("{}")) {
                steps.add(new Step(part.substring(0, part.length() - 2), Branch.MAP));
            } else {
                steps.add(new Step(part, Branch.NONE));
            }
        }
        return new Path(steps);
    }

    /** The way to the object that holds the last field. */
    public Path parent() {
        return steps.isEmpty() ? this : new Path(steps.subList(0, steps.size() - 1));
    }

    /** The last step alone, from the object that {@link #parent} leads to. */
    public Path last() {
        return steps.isEmpty() ? this : new Path(List.of(steps.getLast()));
    }

    /** The last field's name, "" for the object itself. */
    public String leaf() {
        return steps.isEmpty() ? "" : steps.getLast().field;
    }

    /** Calls with the place (as messages write it, after {@code at}) and the value, for all that is there. */
    public void each(JsonNode root, String at, BiConsumer<String, JsonNode> visit) {
        walk(root, at, 0, visit);
    }

    /** Like {@link #each}, for the values that are objects. */
    public void eachObject(JsonNode root, String at, BiConsumer<String, ObjectNode> visit) {
        walk(root, at, 0, (place, node) -> {
            if (node instanceof ObjectNode object) {
                visit.accept(place, object);
            }
        });
    }

    /** All values that are there. */
    public List<JsonNode> all(JsonNode root) {
        List<JsonNode> found = new ArrayList<>();
        walk(root, "", 0, (place, node) -> found.add(node));
        return found;
    }

    /** The first value that is there, else a missing node. */
    public JsonNode first(JsonNode root) {
        List<JsonNode> found = all(root);
        return found.isEmpty() ? MissingNode.getInstance() : found.getFirst();
    }

    private void walk(JsonNode node, String at, int depth, BiConsumer<String, JsonNode> visit) {
        if (depth == steps.size()) {
            visit.accept(at, node);
            return;
        }
        Step step = steps.get(depth);
        Optional<JsonNode> next = node.optional(step.field).filter(n -> !n.isNull());
        if (next.isEmpty()) {
            return;
        }
        String place = join(at, step.field);
        if (step.branch == Branch.LIST) {
            if (next.get() instanceof ArrayNode list) {
                for (int i = 0; i < list.size(); i++) {
                    walk(list.get(i), place + "[" + i + "]", depth + 1, visit);
                }
            }
        } else if (step.branch == Branch.MAP) {
            for (Map.Entry<String, JsonNode> entry : next.get().properties()) {
                walk(entry.getValue(), place + "[" + entry.getKey() + "]", depth + 1, visit);
            }
        } else {
            walk(next.get(), place, depth + 1, visit);
        }
    }

    /** {@code spec} and {@code ports} as {@code spec.ports}. */
    public static String join(String at, String field) {
        return at.isEmpty() ? field : at + "." + field;
    }
}
