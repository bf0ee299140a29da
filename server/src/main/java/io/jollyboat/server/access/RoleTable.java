package io.jollyboat.server.access;

import io.jollyboat.api.Meta;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Reads a table of roles and of who has them, as {@code roles.txt} explains it, into objects. */
final class RoleTable {
    private static final String GROUP = "rbac.authorization.k8s.io";
    private static final String LEVEL = GROUP + "/aggregate-to-";
    private static final Map<String, List<String>> WORDS = Map.of(
            "read", List.of("get", "list", "watch"),
            "write", List.of("create", "delete", "deletecollection", "patch", "update"),
            "emit", List.of("create", "patch", "update"));

    private final List<ObjectNode> objects = new ArrayList<>();
    /** The role that the lines are about, and who has it. */
    private ObjectNode role = JsonNodeFactory.instance.objectNode();

    private ObjectNode binding = role;

    private RoleTable() {}

    /** Each role, and after it the binding that belongs to it. */
    static List<ObjectNode> read(String table) {
        RoleTable reader = new RoleTable();
        table.lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .forEach(line -> reader.line(line.strip().split("\\s+")));
        return List.copyOf(reader.objects);
    }

    private void line(String[] words) {
        switch (words[0]) {
            case "role" -> begin(words[1]);
            case "controller" -> {
                begin("system:controller:" + words[1]);
                subject("ServiceAccount", "kube-system/" + words[1]);
            }
            case "gathers" ->
                role.putObject("aggregationRule")
                        .putArray("clusterRoleSelectors")
                        .addObject()
                        .putObject("matchLabels")
                        .put(LEVEL + words[1], "true");
            case "joins" -> role.withObject("/metadata/labels").put(LEVEL + words[1], "true");
            case "to" -> subject(words[1], words.length > 2 ? words[2] : "");
            case "as" -> binding.withObject("/metadata").put("name", words[1]);
            default -> rule(words);
        }
    }

    private void begin(String name) {
        int slash = name.indexOf('/');
        String scope = slash < 0 ? "Cluster" : "";
        String namespace = slash < 0 ? "" : name.substring(0, slash);
        role = object(scope + "Role", namespace, name.substring(slash + 1));
        objects.add(role);
        binding = object(scope + "RoleBinding", namespace, name.substring(slash + 1));
        binding.putObject("roleRef")
                .put("apiGroup", GROUP)
                .put("kind", scope + "Role")
                .put("name", Meta.name(role));
    }

    private static ObjectNode object(String kind, String namespace, String name) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("apiVersion", GROUP + "/v1").put("kind", kind);
        ObjectNode metadata = object.putObject("metadata").put("name", name);
        if (!namespace.isEmpty()) {
            metadata.put("namespace", namespace);
        }
        metadata.putObject("labels").put("kubernetes.io/bootstrapping", "rbac-defaults");
        metadata.putObject("annotations").put(Reconciliation.AUTOUPDATE, "true");
        return object;
    }

    private void subject(String kind, String name) {
        if (objects.getLast().equals(role)) {
            objects.add(binding);
        }
        if (kind.equals("nobody")) {
            return;
        }
        ObjectNode subject = binding.withArray("/subjects").addObject();
        if (kind.equals("ServiceAccount")) {
            String[] parts = name.split("/");
            subject.put("kind", kind).put("name", parts[1]).put("namespace", parts[0]);
        } else {
            subject.put("apiGroup", GROUP).put("kind", kind).put("name", name);
        }
    }

    private void rule(String[] words) {
        ObjectNode rule = role.withArray("/rules").addObject();
        if (words.length == 2) {
            list(rule, "nonResourceURLs", words[1]);
        } else {
            list(rule, "apiGroups", words[1]);
            list(rule, "resources", words[2]);
        }
        if (words.length > 3) {
            list(rule, "resourceNames", words[3]);
        }
        Set<String> verbs = new TreeSet<>();
        for (String word : words[0].split(",")) {
            verbs.addAll(WORDS.getOrDefault(word, List.of(word)));
        }
        verbs.forEach(rule.putArray("verbs")::add);
    }

    private static void list(ObjectNode rule, String field, String words) {
        for (String word : words.split(",")) {
            rule.withArray("/" + field).add(word.equals("core") ? "" : word);
        }
    }
}
