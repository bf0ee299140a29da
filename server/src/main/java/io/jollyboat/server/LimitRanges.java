package io.jollyboat.server;

import io.jollyboat.api.Quantity;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.quota.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Holds new Pods and claims to the namespace's LimitRanges: containers get the default requests and limits that they
 * lack, and neither they nor whole Pods nor claims may ask for more or less than is allowed.
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
        boolean claim = write.isCreationOf("persistentvolumeclaims");
        if (!write.isCreationOf("pods") && !claim) {
            return;
        }
        List<String> wrong = new ArrayList<>();
        for (ObjectNode range : storage.all(LIMIT_RANGE, write.target().namespace())) {
            for (JsonNode item : range.path("spec").path(LIMITS)) {
                String type = item.path("type").stringValue("");
                if (claim && type.equals("PersistentVolumeClaim")) {
                    claim(item, write.after(), wrong);
                } else if (!claim && type.equals("Container")) {
                    containers(write.after()).forEach(container -> container(item, container, wrong));
                } else if (!claim && type.equals("Pod")) {
                    Usage usage = Usage.of(write.resource(), write.after());
                    new Limit(item).check(part(usage, "requests."), part(usage, "limits."), wrong);
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

    private static void container(JsonNode item, ObjectNode container, List<String> wrong) {
        fill(item.path("default"), container, LIMITS);
        fill(item.path("defaultRequest"), container, REQUESTS);
        JsonNode asked = container.path("resources");
        new Limit(item).check(amounts(asked.path(REQUESTS)), amounts(asked.path(LIMITS)), wrong);
    }

    /** A claim has no limits: what it requests is what it gets. */
    private static void claim(JsonNode item, ObjectNode claim, List<String> wrong) {
        Map<String, Quantity> asked =
                amounts(claim.path("spec").path("resources").path(REQUESTS));
        List<String> found = new ArrayList<>();
        new Limit(item).check(asked, asked, found);
        found.forEach(problem ->
                wrong.add(problem.replace("but limit is", "but request is").replace("No limit is", "No request is")));
    }

    private static Map<String, Quantity> part(Usage usage, String prefix) {
        Map<String, Quantity> part = new TreeMap<>();
        usage.amounts().forEach((name, amount) -> {
            if (name.startsWith(prefix)) {
                part.put(name.substring(prefix.length()), amount);
            }
        });
        return part;
    }

    /** One item of a LimitRange. */
    private record Limit(JsonNode item) {
        void check(Map<String, Quantity> requests, Map<String, Quantity> limits, List<String> wrong) {
            String type = item.path("type").stringValue("");
            amounts(item.path("min")).forEach((name, least) -> {
                String begin = "minimum %s usage per %s is %s".formatted(name, type, least);
                first(
                                !requests.containsKey(name) ? ".  No request is specified" : "",
                                less(requests.get(name), least) ? ", but request is " + requests.get(name) : "",
                                less(limits.get(name), least) ? ", but limit is " + limits.get(name) : "")
                        .ifPresent(end -> wrong.add(begin + end));
            });
            amounts(item.path("max")).forEach((name, most) -> {
                String begin = "maximum %s usage per %s is %s".formatted(name, type, most);
                first(
                                !limits.containsKey(name) ? ".  No limit is specified" : "",
                                less(most, limits.get(name)) ? ", but limit is " + limits.get(name) : "",
                                less(most, requests.get(name)) ? ", but request is " + requests.get(name) : "")
                        .ifPresent(end -> wrong.add(begin + end));
            });
            amounts(item.path("maxLimitRequestRatio")).forEach((name, most) -> {
                String begin = "%s max limit to request ratio per %s is %s, but ".formatted(name, type, most);
                Quantity request = requests.getOrDefault(name, Quantity.ZERO);
                Quantity limit = limits.getOrDefault(name, Quantity.ZERO);
                first(
                                request.isZero() ? "no request is specified or request is 0" : "",
                                limit.isZero() ? "no limit is specified or limit is 0" : "",
                                ratio(limit, request) > most.value().doubleValue()
                                        ? "provided ratio is %f".formatted(ratio(limit, request))
                                        : "")
                        .ifPresent(end -> wrong.add(begin + end));
            });
        }

        private static double ratio(Quantity limit, Quantity request) {
            return request.isZero()
                    ? 0
                    : limit.value().doubleValue() / request.value().doubleValue();
        }

        private static boolean less(@Nullable Quantity small, @Nullable Quantity large) {
            return small != null && large != null && small.compareTo(large) < 0;
        }

        private static Optional<String> first(String... problems) {
            return Stream.of(problems).filter(problem -> !problem.isEmpty()).findFirst();
        }
    }

    private static void fill(JsonNode defaults, ObjectNode container, String field) {
        for (Map.Entry<String, JsonNode> entry : defaults.properties()) {
            ObjectNode target = container.withObjectProperty("resources").withObjectProperty(field);
            target.putIfAbsent(entry.getKey(), entry.getValue());
        }
    }

    private static Map<String, Quantity> amounts(JsonNode amounts) {
        Map<String, Quantity> read = new TreeMap<>();
        amounts.forEachEntry(
                (name, value) -> Quantity.parse(value.asString("")).ifPresent(quantity -> read.put(name, quantity)));
        return read;
    }
}
