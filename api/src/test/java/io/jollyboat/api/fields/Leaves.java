package io.jollyboat.api.fields;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Objects of the little schema as the leaves of {@link PlainModel}, to and fro, and some by chance. */
final class Leaves {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String LABELS = "f:metadata f:labels";
    private static final String LABEL = LABELS + " f:";
    private static final String REPLICAS = "f:spec f:replicas";
    private static final String ARGS = "f:spec f:args";
    private static final String NODES = "f:spec f:nodeSelector";
    private static final String FINALIZER = "f:metadata f:finalizers v:";
    private static final String CONTAINER = "f:spec f:template f:spec f:containers k:";
    private static final List<String> NAMES = List.of("a", "b", "c");
    private static final String HERE = "";

    private Leaves() {}

    /** Labels and a number, which every patch means alike; some to be taken away. */
    static Map<String, Optional<String>> plain(Random random) {
        Map<String, Optional<String>> leaves = new TreeMap<>();
        leaves.put(
                LABEL + any(random),
                random.nextInt(3) == 0 ? Optional.empty() : Optional.of("\"" + any(random) + "\""));
        if (random.nextBoolean()) {
            leaves.put(REPLICAS, Optional.of(Integer.toString(random.nextInt(3))));
        }
        return leaves;
    }

    /** An intent: of each kind of place perhaps something. */
    static Map<String, Optional<String>> some(Random random) {
        Map<String, Optional<String>> leaves = new TreeMap<>();
        for (String name : NAMES) {
            if (random.nextInt(3) == 0) {
                leaves.put(LABEL + name, Optional.of("\"" + any(random) + "\""));
            }
            if (random.nextInt(3) == 0) {
                leaves.put(FINALIZER + "\"" + name + "\"", Optional.of(HERE));
            }
            if (random.nextInt(3) == 0) {
                container(random, leaves, name);
            }
        }
        if (random.nextInt(3) == 0) {
            leaves.put(REPLICAS, Optional.of(Integer.toString(random.nextInt(3))));
        }
        if (random.nextInt(3) == 0) {
            leaves.put(ARGS, Optional.of("[\"" + any(random) + "\",\"" + any(random) + "\"]"));
        }
        if (random.nextInt(3) == 0) {
            leaves.put(NODES, Optional.of("{\"" + any(random) + "\":\"x\"}"));
        }
        return leaves;
    }

    private static void container(Random random, Map<String, Optional<String>> leaves, String name) {
        String element = CONTAINER + "{\"name\":\"" + name + "\"}";
        leaves.put(element, Optional.of(HERE));
        leaves.put(element + " f:name", Optional.of("\"" + name + "\""));
        if (random.nextBoolean()) {
            leaves.put(element + " f:image", Optional.of("\"" + any(random) + "\""));
        }
        for (String variable : NAMES) {
            if (random.nextInt(4) == 0) {
                String env = element + " f:env k:{\"name\":\"" + variable + "\"}";
                leaves.put(env, Optional.of(HERE));
                leaves.put(env + " f:name", Optional.of("\"" + variable + "\""));
                leaves.put(env + " f:value", Optional.of("\"" + any(random) + "\""));
            }
        }
    }

    private static String any(Random random) {
        return NAMES.get(random.nextInt(NAMES.size()));
    }

    static ObjectNode object(Map<String, String> leaves) {
        Map<String, Optional<String>> all = new TreeMap<>();
        leaves.forEach((leaf, value) -> all.put(leaf, Optional.of(value)));
        return patch(all).put("apiVersion", "example/v1").put("kind", "Thing");
    }

    /** The leaves as an object, in which those that shall go are null. */
    static ObjectNode patch(Map<String, Optional<String>> leaves) {
        ObjectNode object = PatchesAgreeTest.node();
        leaves.forEach((leaf, value) -> put(object, List.of(leaf.split(" ")), value));
        return object;
    }

    private static void put(ObjectNode object, List<String> path, Optional<String> value) {
        String name = path.getFirst().substring(2);
        if (path.size() == 1) {
            object.set(name, value.map(JSON::readTree).orElseGet(object::nullNode));
        } else if (path.get(1).startsWith("v:")) {
            object.withArrayProperty(name).add(JSON.readTree(path.get(1).substring(2)));
        } else if (path.get(1).startsWith("k:")) {
            ObjectNode element =
                    element(object.withArrayProperty(name), path.get(1).substring(2));
            if (path.size() > 2) {
                put(element, path.subList(2, path.size()), value);
            }
        } else {
            put(object.withObjectProperty(name), path.subList(1, path.size()), value);
        }
    }

    private static ObjectNode element(ArrayNode list, String key) {
        JsonNode name = JSON.readTree(key).path("name");
        for (JsonNode one : list) {
            if (one.path("name").equals(name)) {
                return (ObjectNode) one;
            }
        }
        ObjectNode made = list.addObject();
        made.set("name", name);
        return made;
    }

    static Map<String, String> of(ObjectNode object) {
        Map<String, String> leaves = new TreeMap<>();
        for (String part : List.of("metadata", "spec")) {
            walk(object.path(part), "f:" + part, leaves);
        }
        leaves.keySet().removeIf(leaf -> leaf.startsWith("f:metadata f:managedFields"));
        return leaves;
    }

    private static void walk(JsonNode value, String path, Map<String, String> leaves) {
        if (path.equals(ARGS) || path.equals(NODES) || value.isValueNode()) {
            leaves.put(path, value.toString());
        } else if (value.isObject()) {
            value.forEachEntry((name, part) -> walk(part, path + " f:" + name, leaves));
        } else if (value.isArray()) {
            for (JsonNode item : value) {
                String name = item.isObject() ? " k:{\"name\":" + item.path("name") + "}" : " v:" + item;
                leaves.put(path + name, HERE);
                if (item.isObject()) {
                    item.forEachEntry((field, part) -> walk(part, path + name + " f:" + field, leaves));
                }
            }
        }
    }

    /** Who owns which leaves; that an update that brings the first label owns the map of labels too is left out. */
    static Map<String, Set<String>> owners(ObjectNode object) {
        Map<String, Set<String>> owners = new TreeMap<>();
        for (JsonNode entry : object.at("/metadata/managedFields")) {
            Set<String> owned = new TreeSet<>();
            owned("", entry.path("fieldsV1"), owned);
            owned.remove(LABELS);
            if (!owned.isEmpty()) {
                owners.put(entry.path("manager").asString(), owned);
            }
        }
        return owners;
    }

    private static void owned(String path, JsonNode fields, Set<String> owned) {
        fields.forEachEntry((code, below) -> {
            String leaf = path.isEmpty() ? code : path + " " + code;
            if (code.equals(".")) {
                owned.add(path);
            } else if (below.isEmpty()) {
                owned.add(leaf);
            } else {
                owned(leaf, below, owned);
            }
        });
    }
}
