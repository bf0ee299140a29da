package io.jollyboat.api.openapi;

import io.jollyboat.api.Resource;
import io.jollyboat.api.openapi.Operations.Operation;
import io.jollyboat.api.schema.Definition;
import io.jollyboat.api.schema.SchemaTable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The paths of resources with their operations. */
final class Paths {
    private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";
    private static final List<Integer> OK = List.of(200);

    private final SchemaTable table;
    private final Parameters parameters;
    private final Operations operations;
    private final TreeMap<String, ObjectNode> paths = new TreeMap<>();

    Paths(SchemaTable table, Parameters parameters, Operations operations) {
        this.table = table;
        this.parameters = parameters;
        this.operations = operations;
    }

    ObjectNode written() {
        ObjectNode all = JsonNodeFactory.instance.objectNode();
        paths.forEach(all::set);
        return all;
    }

    static String base(String apiVersion) {
        return (apiVersion.contains("/") ? "/apis/" : "/api/") + apiVersion;
    }

    /** The path that lists the resources of a group and version. */
    void add(String apiVersion) {
        ObjectNode path = JsonNodeFactory.instance.objectNode();
        path.set(
                "get",
                operations.write(new Operation(
                        "get" + Kinds.camel(apiVersion) + "APIResources",
                        "get available resources",
                        "get",
                        Kinds.tag(apiVersion),
                        apiVersion,
                        "",
                        "",
                        "",
                        META + "APIResourceList",
                        OK)));
        paths.put(base(apiVersion) + "/", path);
    }

    void add(Resource resource) {
        String base = base(resource.apiVersion());
        String home = resource.namespaced() ? base + "/namespaces/{namespace}" : base;
        String collection = home + "/" + resource.plural();
        for (String verb : List.of("list", "create", "deletecollection")) {
            whole(collection, resource, verb);
        }
        for (String verb : List.of("get", "update", "patch", "delete")) {
            whole(collection + "/{name}", resource, verb);
        }
        for (Resource.Subresource part : resource.subresources()) {
            for (String verb : List.of("get", "update", "patch", "create", "delete")) {
                if (part.verbs().contains(verb)) {
                    part(collection + "/{name}/" + part.name(), resource, part, verb);
                }
            }
        }
        if (resource.namespaced() && resource.verbs().contains("list")) {
            String everywhere = base + "/" + resource.plural();
            path(everywhere, resource).set("get", operations.write(operation(resource, "list", "ForAllNamespaces")));
        }
    }

    private void whole(String path, Resource resource, String verb) {
        if (resource.verbs().contains(verb)) {
            path(path, resource).set(method(verb), operations.write(operation(resource, verb, "")));
        }
    }

    private ObjectNode path(String path, Resource resource) {
        return paths.computeIfAbsent(path, p -> {
            ArrayNode list = JsonNodeFactory.instance.arrayNode();
            if (p.contains("{name}")) {
                parameters.path(list, "name", "name of the " + resource.kind());
            }
            if (p.contains("{namespace}")) {
                parameters.path(list, "namespace", "the namespace of the objects");
            }
            parameters.query(list, "path");
            ObjectNode written = JsonNodeFactory.instance.objectNode();
            written.set("parameters", list);
            return written;
        });
    }

    private static String method(String verb) {
        return switch (verb) {
            case "create" -> "post";
            case "update" -> "put";
            case "patch" -> "patch";
            case "delete", "deletecollection" -> "delete";
            default -> "get";
        };
    }

    private Operation operation(Resource resource, String verb, String suffix) {
        String kind = resource.kind();
        String definition = definition(resource.apiVersion(), kind);
        String scope = resource.namespaced() && suffix.isEmpty() ? "Namespaced" : "";
        Words words = Words.of(verb, kind);
        String id = words.id()
                + Kinds.camel(resource.apiVersion())
                + (verb.equals("deletecollection") ? "Collection" : "")
                + scope
                + kind
                + suffix;
        boolean deleting = verb.startsWith("delete");
        String body = deleting
                ? META + "DeleteOptions"
                : verb.equals("patch")
                        ? META + "Patch"
                        : verb.equals("create") || verb.equals("update") ? definition : "";
        String answer = deleting
                ? META + "Status"
                : verb.equals("list") ? definition(resource.apiVersion(), kind + "List") : definition;
        return new Operation(
                id,
                words.description(),
                words.action(),
                Kinds.tag(resource.apiVersion()),
                resource.apiVersion(),
                kind,
                words.query(),
                body,
                answer,
                words.codes());
    }

    private void part(String path, Resource resource, Resource.Subresource part, String verb) {
        String apiVersion = part.group().isEmpty() ? part.version() : part.group() + "/" + part.version();
        boolean connect = part.kind().endsWith("Options");
        boolean log = part.name().equals("log");
        String definition = connect || log ? "" : definition(apiVersion, part.kind());
        String method = method(verb);
        Words words = Words.part(verb, part.name(), resource.kind());
        String scope = resource.namespaced() ? "Namespaced" : "";
        String id = (connect ? "connect" : words.id())
                + Kinds.camel(resource.apiVersion())
                + (connect ? Kinds.capital(method) : "")
                + scope
                + resource.kind()
                + Kinds.capital(part.name());
        boolean writes = verb.equals("create") || verb.equals("update");
        String body = connect || log ? "" : verb.equals("patch") ? META + "Patch" : writes ? definition : "";
        path(path, resource)
                .set(
                        method,
                        operations.write(new Operation(
                                id,
                                connect
                                        ? "connect " + method.toUpperCase(java.util.Locale.ROOT) + " requests to "
                                                + part.name() + " of " + resource.kind()
                                        : words.description(),
                                connect ? "connect" : words.action(),
                                Kinds.tag(resource.apiVersion()),
                                apiVersion,
                                part.kind(),
                                connect || verb.equals("get") ? "" : words.query(),
                                body,
                                definition,
                                connect ? OK : words.codes())));
    }

    private String definition(String apiVersion, String kind) {
        return table.kind(apiVersion, kind).map(Definition::name).orElse("");
    }

    /** What each verb is called in the several places. */
    private record Words(String id, String description, String action, String query, List<Integer> codes) {
        private static final Words NONE = new Words("", "", "", "", OK);
        private static final Map<String, Words> WORDS = Map.of(
                "get", new Words("read", "read the specified ", "get", "", OK),
                "list", new Words("list", "list or watch objects of kind ", "list", "list", OK),
                "create", new Words("create", "create a ", "post", "write", List.of(200, 201, 202)),
                "update", new Words("replace", "replace the specified ", "put", "write", List.of(200, 201)),
                "patch", new Words("patch", "partially update the specified ", "patch", "patch", List.of(200, 201)),
                "delete", new Words("delete", "delete a ", "delete", "delete", List.of(200, 202)),
                "deletecollection", new Words("delete", "delete collection of ", "deletecollection", "collection", OK));

        static Words of(String verb, String kind) {
            return about(verb, WORDS.getOrDefault(verb, NONE).description + kind);
        }

        /** Of a subresource: {@code read status of the specified Pod}, {@code create binding of a Pod}. */
        static Words part(String verb, String part, String kind) {
            String description = WORDS.getOrDefault(verb, NONE).description;
            int article = Math.max(description.indexOf(" the "), description.indexOf(" a "));
            return about(
                    verb,
                    description.substring(0, article) + " " + part + " of" + description.substring(article) + kind);
        }

        private static Words about(String verb, String description) {
            Words words = WORDS.getOrDefault(verb, NONE);
            String said = description.replaceAll(" a (?=[AEIO])", " an ");
            return new Words(words.id, said, words.action, words.query, words.codes);
        }
    }
}
