package io.jollyboat.api.openapi;

import java.util.List;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Writes single operations in either dialect. */
final class Operations {
    static final List<String> PATCHES = List.of(
            "application/json-patch+json",
            "application/merge-patch+json",
            "application/strategic-merge-patch+json",
            "application/apply-patch+yaml");
    private static final String TEXT = "";
    private static final List<String> ANSWERS = List.of("application/json");

    private final Dialect dialect;
    private final Parameters parameters;
    private final Set<String> used;

    /** {@code used} collects the names of the definitions that operations refer to. */
    Operations(Dialect dialect, Parameters parameters, Set<String> used) {
        this.dialect = dialect;
        this.parameters = parameters;
        this.used = used;
    }

    /**
     * What an operation is.
     *
     * @param action as in {@code x-kubernetes-action}
     * @param apiVersion and kind as in {@code x-kubernetes-group-version-kind}
     * @param query the use in {@code parameters.txt}, "" for none
     * @param body the definition that it takes, "" for none
     * @param answer the definition that it gives, "" for text
     * @param codes of success
     */
    record Operation(
            String id,
            String description,
            String action,
            String tag,
            String apiVersion,
            String kind,
            String query,
            String body,
            String answer,
            List<Integer> codes) {}

    ObjectNode write(Operation operation) {
        ObjectNode written = JsonNodeFactory.instance.objectNode();
        boolean patch = operation.action().equals("patch");
        written.put("description", operation.description()).put("operationId", operation.id());
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        if (!operation.body().isEmpty()) {
            body(written, list, operation, patch ? PATCHES : List.of("*/*"));
        } else if (dialect == Dialect.V2) {
            written.putArray("consumes").add("*/*");
        }
        if (!operation.query().isEmpty()) {
            parameters.query(list, operation.query());
        }
        if (!list.isEmpty()) {
            written.set("parameters", list);
        }
        if (dialect == Dialect.V2) {
            ArrayNode produces = written.putArray("produces");
            ANSWERS.forEach(produces::add);
            written.putArray("schemes").add("https");
        }
        ObjectNode responses = written.putObject("responses");
        for (int code : operation.codes()) {
            response(responses.putObject(Integer.toString(code)), code, operation.answer());
        }
        responses.putObject("401").put("description", "Unauthorized");
        written.putArray("tags").add(operation.tag());
        if (!operation.kind().isEmpty()) {
            written.put("x-kubernetes-action", operation.action());
            written.set(
                    "x-kubernetes-group-version-kind",
                    Kinds.groupVersionKind(operation.apiVersion(), operation.kind()));
        }
        return written;
    }

    private void body(ObjectNode written, ArrayNode list, Operation operation, List<String> types) {
        boolean required = !operation.action().startsWith("delete");
        if (dialect == Dialect.V2) {
            ArrayNode consumes = written.putArray("consumes");
            types.forEach(consumes::add);
            ObjectNode parameter = list.addObject();
            parameter.put("in", "body").put("name", "body");
            if (required) {
                parameter.put("required", true);
            }
            parameter.set("schema", schema(operation.body()));
            return;
        }
        ObjectNode body = written.putObject("requestBody");
        ObjectNode content = body.putObject("content");
        for (String type : types) {
            content.putObject(type).set("schema", schema(operation.body()));
        }
        if (required) {
            body.put("required", true);
        }
    }

    private void response(ObjectNode response, int code, String answer) {
        response.put("description", code == 200 ? "OK" : code == 201 ? "Created" : "Accepted");
        if (dialect == Dialect.V2) {
            response.set("schema", schema(answer));
            return;
        }
        ObjectNode content = response.putObject("content");
        for (String type : answer.equals(TEXT) ? List.of("*/*") : ANSWERS) {
            content.putObject(type).set("schema", schema(answer));
        }
    }

    private ObjectNode schema(String definition) {
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        if (definition.equals(TEXT)) {
            return schema.put("type", "string");
        }
        used.add(definition);
        return schema.put("$ref", dialect.reference(definition));
    }
}
