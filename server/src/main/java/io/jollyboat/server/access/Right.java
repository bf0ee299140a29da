package io.jollyboat.server.access;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The smallest thing that a rule gives: one verb on one resource, or on one path. */
sealed interface Right {
    /** What the holder of cluster-admin has. */
    List<Right> EVERYTHING = List.of(new OnResource("*", "*", "*", ""), new OnPath("*", "*"));

    String verb();

    /** All but the verb, as Kubernetes writes it in a refusal. */
    String object();

    /** Whether a rule contains this right, wholly. */
    boolean isGivenBy(JsonNode rule);

    /** A rule that gives this and nothing else. */
    ObjectNode rule();

    /** @param name "" for every object */
    record OnResource(String verb, String group, String resource, String name) implements Right {
        @Override
        public String object() {
            String names = name.isEmpty() ? "" : ", ResourceNames:[\"" + name + "\"]";
            return "APIGroups:[\"" + group + "\"], Resources:[\"" + resource + "\"]" + names;
        }

        @Override
        public boolean isGivenBy(JsonNode rule) {
            return Rule.contains(rule, verb, group, resource, name);
        }

        @Override
        public ObjectNode rule() {
            ObjectNode rule = JsonNodeFactory.instance.objectNode();
            rule.putArray("apiGroups").add(group);
            rule.putArray("resources").add(resource);
            if (!name.isEmpty()) {
                rule.putArray("resourceNames").add(name);
            }
            rule.putArray("verbs").add(verb);
            return rule;
        }
    }

    record OnPath(String verb, String path) implements Right {
        @Override
        public String object() {
            return "NonResourceURLs:[\"" + path + "\"]";
        }

        @Override
        public boolean isGivenBy(JsonNode rule) {
            return Rule.allowsPath(rule, verb, path);
        }

        @Override
        public ObjectNode rule() {
            ObjectNode rule = JsonNodeFactory.instance.objectNode();
            rule.putArray("nonResourceURLs").add(path);
            rule.putArray("verbs").add(verb);
            return rule;
        }
    }

    /** A rule taken apart. */
    static List<Right> of(JsonNode rule) {
        List<Right> rights = new ArrayList<>();
        for (String verb : texts(rule.path("verbs"))) {
            for (String path : texts(rule.path("nonResourceURLs"))) {
                rights.add(new OnPath(verb, path));
            }
            for (String group : texts(rule.path("apiGroups"))) {
                for (String resource : texts(rule.path("resources"))) {
                    named(rule).forEach(name -> rights.add(new OnResource(verb, group, resource, name)));
                }
            }
        }
        return rights;
    }

    private static List<String> named(JsonNode rule) {
        List<String> names = texts(rule.path("resourceNames"));
        return names.isEmpty() ? List.of("") : names;
    }

    private static List<String> texts(JsonNode array) {
        return array.valueStream().map(JsonNode::asString).toList();
    }
}
