package io.jollyboat.api.kinds;

import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Objects of tests, written as YAML. */
final class Yaml {
    private static final JsonMapper JSON = new JsonMapper();

    private Yaml() {}

    static ObjectNode object(String text) {
        return (ObjectNode) node(text);
    }

    static JsonNode node(String text) {
        Object loaded = new Load(LoadSettings.builder().build()).loadFromString(text);
        return JSON.readTree(JSON.writeValueAsString(loaded));
    }
}
