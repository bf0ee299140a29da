package io.jollyboat.api.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import io.jollyboat.api.Resources;
import io.jollyboat.api.Trees;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Whether protobuf's own library, told of gnostic's messages, finds in them what the JSON documents say. */
class MessagesTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final Documents documents = new Documents(Resources.builtIn(), "v1.35.0");

    @Test
    void theOldDocumentSaysTheSameInBothForms() {
        JsonNode document = JSON.readTree(documents.v2());
        JsonNode read = read(ProtoText.document("openapi2.proto"), documents.v2Protobuf());
        assertSame(read, document);
        assertThat(read.path("definitions").size()).isGreaterThan(400);
    }

    @Test
    void theDocumentOfEachGroupSaysTheSameInBothForms() {
        Descriptor type = ProtoText.document("openapi3.proto");
        assertThat(documents.hashes()).hasSizeGreaterThan(15);
        for (String path : documents.hashes().keySet()) {
            JsonNode document = JSON.readTree(documents.v3(path).orElseThrow());
            assertSame(read(type, documents.v3Protobuf(path).orElseThrow()), document);
        }
        assertThat(documents.v3Protobuf("apis/none/v1")).isEmpty();
    }

    @Test
    void whatHasNoPlaceIsLeftOut() {
        byte[] json = "{\"swagger\":\"2.0\",\"nobody\":1,\"definitions\":{\"a\":{\"oneOf\":[],\"type\":\"string\"}}}"
                .getBytes(StandardCharsets.UTF_8);
        JsonNode read = read(ProtoText.document("openapi2.proto"), OpenApi.protobuf(json));
        assertSame(read, JSON.readTree("{\"swagger\":\"2.0\",\"definitions\":{\"a\":{\"type\":\"string\"}}}"));
    }

    /** Names the first place that differs: the documents are long. */
    private static void assertSame(JsonNode read, JsonNode wanted) {
        if (read instanceof ObjectNode && wanted instanceof ObjectNode) {
            assertThat(read.propertyNames()).containsExactlyInAnyOrderElementsOf(wanted.propertyNames());
            wanted.properties().forEach(p -> assertSame(read.path(p.getKey()), p.getValue()));
        } else {
            assertThat(Trees.equal(read, wanted)).as("%s and %s", read, wanted).isTrue();
        }
    }

    private static JsonNode read(Descriptor type, byte[] message) {
        try {
            return json(DynamicMessage.parseFrom(type, message));
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    private static JsonNode json(DynamicMessage message) {
        assertThat(message.getUnknownFields().asMap())
                .as(message.getDescriptorForType().getName())
                .isEmpty();
        Map<FieldDescriptor, Object> fields = message.getAllFields();
        if (!message.getDescriptorForType().getOneofs().isEmpty()) {
            return fields.isEmpty()
                    ? NODES.objectNode()
                    : value(fields.values().iterator().next());
        }
        return switch (message.getDescriptorForType().getName()) {
            case "Any" -> yaml((String) fields.values().iterator().next());
            case "TypeItem", "ItemsItem" ->
                list(fields.values().iterator().next()).get(0);
            case "StringArray" ->
                fields.isEmpty()
                        ? NODES.arrayNode()
                        : list(fields.values().iterator().next());
            default -> object(fields);
        };
    }

    private static ObjectNode object(Map<FieldDescriptor, Object> fields) {
        ObjectNode object = NODES.objectNode();
        fields.forEach((field, value) -> {
            if (field.isRepeated()
                    && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
                    && field.getMessageType().getName().startsWith("Named")) {
                for (Object pair : (List<?>) value) {
                    String name = (String) part(pair, "name");
                    assertThat(object.has(name)).as(name).isFalse();
                    object.set(name, value(part(pair, "value")));
                }
            } else {
                String name = field.getName().equals("_ref") ? "$ref" : field.getJsonName();
                object.set(name, field.isRepeated() ? list(value) : value(value));
            }
        });
        return object;
    }

    private static Object part(Object pair, String name) {
        DynamicMessage message = (DynamicMessage) pair;
        return message.getField(message.getDescriptorForType().findFieldByName(name));
    }

    private static ArrayNode list(Object values) {
        ArrayNode list = NODES.arrayNode();
        ((List<?>) values).forEach(value -> list.add(value(value)));
        return list;
    }

    private static JsonNode value(Object value) {
        return value instanceof DynamicMessage message ? json(message) : JSON.valueToTree(value);
    }

    private static JsonNode yaml(String text) {
        return JSON.valueToTree(new Load(LoadSettings.builder().build()).loadFromString(text));
    }
}
