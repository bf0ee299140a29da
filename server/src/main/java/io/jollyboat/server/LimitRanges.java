package io.jollyboat.server;

import io.jollyboat.api.Quantity;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Holds new Pods to the namespace's LimitRanges: containers get the default requests and limits that they lack, and
 * may not ask for more or less than is allowed.
 *
 * <p>Source: Kubernetes concepts, "Limit Ranges".
 */
final class LimitRanges implements Step {
    private static final Resource LIMIT_RANGE = Resources.kind("v1", "LimitRange");
    private static final String REQUESTS = "requests";
    private static final String LIMITS = "limits";

    private final Storage storage;

    LimitRanges(Storage storage) {
        this.storage = storage;
    }

    @Override
    public void take(Write write) {
        if (!write.isCreationOf("pods")) {
            return;
        }
        List<String> wrong = new ArrayList<>();
        for (ObjectNode range : storage.all(LIMIT_RANGE, write.target().namespace())) {
            for (JsonNode item : range.path("spec").path(LIMITS)) {
                if (item.path("type").stringValue("").equals("Container")) {
                    containers(write.after()).forEach(container -> apply(item, container, wrong));
                }
            }
        }
        if (!wrong.isEmpty()) {
            String all = wrong.size() == 1 ? wrong.getFirst() : "[" + String.join(", ", wrong) + "]";
            throw StatusException.forbidden(write.target(), all);
        }
    }

    private static List<ObjectNode> containers(ObjectNode pod) {
        List<ObjectNode> all = new ArrayList<>();
        for (String field : List.of("initContainers", "containers")) {
            pod.path("spec").path(field).forEach(container -> all.add((ObjectNode) container));
        }
        return all;
    }

    private static void apply(JsonNode item, ObjectNode container, List<String> wrong) {
        fill(item.path("default"), container, LIMITS);
        fill(item.path("defaultRequest"), container, REQUESTS);
        JsonNode asked = container.path("resources");
        for (Map.Entry<String, JsonNode> min : item.path("min").properties()) {
            String name = min.getKey();
            Optional<Quantity> request = quantity(asked.path(REQUESTS).path(name));
            Quantity least = quantity(min.getValue()).orElse(Quantity.ZERO);
            if (request.isEmpty()) {
                wrong.add("minimum %s usage per Container is %s.  No request is specified".formatted(name, least));
            } else if (request.get().compareTo(least) < 0) {
                wrong.add("minimum %s usage per Container is %s, but request is %s"
                        .formatted(name, least, request.get()));
            }
        }
        for (Map.Entry<String, JsonNode> max : item.path("max").properties()) {
            String name = max.getKey();
            Optional<Quantity> limit = quantity(asked.path(LIMITS).path(name));
            Quantity most = quantity(max.getValue()).orElse(Quantity.ZERO);
            if (limit.isEmpty()) {
                wrong.add("maximum %s usage per Container is %s.  No limit is specified".formatted(name, most));
            } else if (limit.get().compareTo(most) > 0) {
                wrong.add("maximum %s usage per Container is %s, but limit is %s".formatted(name, most, limit.get()));
            }
        }
    }

    private static void fill(JsonNode defaults, ObjectNode container, String field) {
        for (Map.Entry<String, JsonNode> entry : defaults.properties()) {
            ObjectNode target = container.withObjectProperty("resources").withObjectProperty(field);
            target.putIfAbsent(entry.getKey(), entry.getValue());
        }
    }

    private static Optional<Quantity> quantity(JsonNode value) {
        return value.isValueNode() && !value.isNull() ? Quantity.parse(value.asString()) : Optional.empty();
    }
}
