package io.jollyboat.api.patch;

import io.jollyboat.api.GoText;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.Trees;
import io.jollyboat.api.schema.Field.Strategic;
import io.jollyboat.api.schema.Type;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The rule of strategic merge for one list.
 *
 * @param merges false when the patch's list replaces the live one
 * @param key of elements that are objects, "" for a set of scalars
 */
record ListMerge(boolean merges, String key, Type element) {
    private static final String DELETE = "delete";

    static ListMerge of(Strategic rule, Type element) {
        return new ListMerge(rule.merge(), rule.mergeKey(), element);
    }

    /** {@code $deleteFromPrimitiveList}: takes values out of the list of that name. */
    static void deleteValues(ObjectNode live, String name, JsonNode values) {
        if (!values.isArray()) {
            throw StatusException.badRequest("invalid patch format of primitive list");
        }
        if (live.get(name) instanceof ArrayNode list) {
            Set<String> gone = new HashSet<>();
            values.forEach(value -> gone.add(Trees.scalarKey(value)));
            list.removeIf(value -> gone.contains(Trees.scalarKey(value)));
        }
    }

    /** The list after a patch that gives no order: its elements come in the patch's order. */
    ArrayNode merge(ArrayNode live, ArrayNode patch) {
        if (!merges) {
            return (ArrayNode) StrategicPatch.stripped(patch);
        }
        List<JsonNode> plain = new ArrayList<>();
        patch.forEach(wanted -> {
            if (!wanted.has(StrategicPatch.PATCH)) {
                plain.add(wanted);
            }
        });
        Map<String, Integer> liveOrder = positions(live);
        return inOrder(merged(live, patch), positions(plain), liveOrder);
    }

    /** The list after a patch that gives the order too; {@code patch} is missing when there is only an order. */
    ArrayNode mergeInOrder(ArrayNode live, JsonNode patch, ArrayNode order) {
        checkOrder(patch, order);
        Map<String, Integer> liveOrder = positions(live);
        ArrayNode merged = live;
        if (patch instanceof ArrayNode wanted) {
            merged = merges ? merged(live, wanted) : (ArrayNode) StrategicPatch.stripped(wanted);
        }
        return inOrder(merged, positions(order), liveOrder);
    }

    /** Live elements, each with its patch merged in, then the new ones; what the patch deletes is left out. */
    private ArrayNode merged(ArrayNode live, ArrayNode patch) {
        if (key.isEmpty()) {
            return union(live, patch);
        }
        Set<String> deleted = new HashSet<>();
        boolean replace = false;
        for (JsonNode wanted : patch) {
            switch (directive(wanted)) {
                case "" -> {}
                case DELETE -> deleted.add(keyOf(wanted));
                case "replace" -> replace = true;
                case "merge" -> throw StatusException.badRequest("merging lists cannot yet be specified in the patch");
                default -> throw StrategicPatch.unknownDirective(wanted);
            }
        }
        ArrayNode merged = JsonNodeFactory.instance.arrayNode();
        if (replace) { // as it is: also elements with the same key, such as two addresses of one type
            patch.valueStream()
                    .filter(wanted -> directive(wanted).isEmpty())
                    .map(StrategicPatch::stripped)
                    .forEach(merged::add);
            return merged;
        }
        Map<String, Integer> places = new HashMap<>();
        for (JsonNode present : live) {
            String name = Trees.scalarKey(present.path(key));
            if (!deleted.contains(name)) {
                places.putIfAbsent(name, merged.size());
                merged.add(present);
            }
        }
        for (JsonNode wanted : patch) {
            if (directive(wanted).isEmpty()) {
                mergeElement(merged, places, wanted);
            }
        }
        return merged;
    }

    private void mergeElement(ArrayNode merged, Map<String, Integer> places, JsonNode wanted) {
        String name = keyOf(wanted);
        Integer place = places.get(name);
        if (place != null && merged.get(place) instanceof ObjectNode present && wanted instanceof ObjectNode patch) {
            merged.set(place, StrategicPatch.map(present, patch, element));
        } else {
            places.put(name, merged.size());
            merged.add(StrategicPatch.stripped(wanted));
        }
    }

    private static ArrayNode union(ArrayNode live, ArrayNode patch) {
        if (patch.valueStream().anyMatch(JsonNode::isObject)) {
            throw StatusException.badRequest("cannot merge lists without merge key");
        }
        ArrayNode union = JsonNodeFactory.instance.arrayNode();
        Set<String> seen = new HashSet<>();
        for (ArrayNode list : List.of(live, patch)) {
            for (JsonNode value : list) {
                if (seen.add(Trees.scalarKey(value))) {
                    union.add(value);
                }
            }
        }
        return union;
    }

    /**
     * Weaves two sequences into one: the elements that {@code order} names, in that order, and the others in live
     * order. One of the others goes first only where both heads were live and it stood before.
     *
     * <p>Live a b c d, order d b: the named are d b, the others a c. a stood before d; c before d; then d; then b.
     * The result is a c d b.
     */
    private ArrayNode inOrder(ArrayNode merged, Map<String, Integer> order, Map<String, Integer> liveOrder) {
        List<Keyed> named = new ArrayList<>();
        List<Keyed> others = new ArrayList<>();
        for (JsonNode value : merged) {
            String name = order.isEmpty() && liveOrder.isEmpty() ? "" : keyOf(value);
            (order.containsKey(name) ? named : others).add(new Keyed(name, value));
        }
        named.sort(Comparator.comparingInt(one -> order.getOrDefault(one.name, Integer.MAX_VALUE)));
        others.sort(Comparator.comparingInt(one -> liveOrder.getOrDefault(one.name, Integer.MAX_VALUE)));
        ArrayNode woven = JsonNodeFactory.instance.arrayNode();
        int next = 0;
        for (Keyed one : named) {
            Integer stood = liveOrder.get(one.name);
            while (stood != null
                    && next < others.size()
                    && liveOrder.getOrDefault(others.get(next).name, Integer.MAX_VALUE) < stood) {
                woven.add(others.get(next++).value);
            }
            woven.add(one.value);
        }
        others.subList(next, others.size()).forEach(one -> woven.add(one.value));
        return woven;
    }

    private record Keyed(String name, JsonNode value) {}

    /** The elements of the patch must be named by the order, and come in that order. */
    private void checkOrder(JsonNode patch, ArrayNode order) {
        if (order.isEmpty()) {
            return;
        }
        int at = 0;
        for (JsonNode wanted : patch) {
            if (directive(wanted).isEmpty()) {
                String name = keyOf(wanted);
                while (at < order.size() && !keyOf(order.get(at)).equals(name)) {
                    at++;
                }
                if (at == order.size()) {
                    throw StatusException.badRequest("The order in patch list:\n" + GoText.of(patch)
                            + "\n doesn't match $setElementOrder list:\n" + GoText.of(order) + "\n");
                }
                at++;
            }
        }
    }

    private Map<String, Integer> positions(Iterable<JsonNode> list) {
        Map<String, Integer> positions = new HashMap<>();
        for (JsonNode value : list) {
            positions.putIfAbsent(keyOf(value), positions.size());
        }
        return positions;
    }

    /** What an element is known by: its value, or that of its key. */
    private String keyOf(JsonNode value) {
        if (key.isEmpty()) {
            return Trees.scalarKey(value);
        }
        JsonNode name = value.get(key);
        if (name == null) {
            throw StatusException.badRequest(
                    "map: " + GoText.of(value) + " does not contain declared merge key: " + key);
        }
        return Trees.scalarKey(name);
    }

    private static String directive(JsonNode value) {
        return value.path(StrategicPatch.PATCH).asString("");
    }
}
