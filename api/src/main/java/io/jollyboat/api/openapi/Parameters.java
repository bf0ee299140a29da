package io.jollyboat.api.openapi;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The query and path parameters of operations, from {@code parameters.txt}. */
final class Parameters {
    private record Query(String name, String type, List<String> users, String description) {}

    private final Dialect dialect;
    private final List<Query> queries = new ArrayList<>();

    Parameters(Dialect dialect) {
        this.dialect = dialect;
        try (InputStream in = Parameters.class.getResourceAsStream("parameters.txt")) {
            if (in == null) {
                throw new IllegalStateException("parameters.txt is missing from the api module");
            }
            var reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            for (String line; (line = reader.readLine()) != null; ) {
                if (!line.startsWith("#")) {
                    String[] column = line.split(" {2,}", 4);
                    queries.add(new Query(column[0], column[1], Arrays.asList(column[2].split(",")), column[3]));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Adds the query parameters of a use. */
    void query(ArrayNode parameters, String use) {
        for (Query query : queries) {
            if (query.users().contains(use)) {
                add(parameters, "query", query.name(), query.type(), query.description());
            }
        }
    }

    void path(ArrayNode parameters, String name, String description) {
        add(parameters, "path", name, "string", description).put("required", true);
    }

    private ObjectNode add(ArrayNode parameters, String in, String name, String type, String description) {
        ObjectNode parameter = parameters.addObject();
        parameter.put("description", description).put("in", in).put("name", name);
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        schema.put("type", type).put("uniqueItems", true);
        if (dialect == Dialect.V3) {
            parameter.set("schema", schema);
        } else {
            parameter.setAll(schema);
        }
        return parameter;
    }
}
