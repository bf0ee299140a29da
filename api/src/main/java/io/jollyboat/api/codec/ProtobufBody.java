package io.jollyboat.api.codec;

import io.jollyboat.api.StatusException;
import io.jollyboat.api.Trees;
import io.jollyboat.api.schema.Definition;
import io.jollyboat.api.schema.FieldCheck;
import io.jollyboat.api.schema.SchemaTable;
import java.util.Arrays;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads Kubernetes' protobuf envelope: four bytes, then a {@code runtime.Unknown} that names the kind and holds the
 * object's message.
 */
final class ProtobufBody {
    private static final byte[] MAGIC = {'k', '8', 's', 0};

    private ProtobufBody() {}

    static boolean isEnvelope(byte[] body) {
        return body.length >= MAGIC.length && Arrays.equals(body, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
    }

    static ObjectNode decode(byte[] body) {
        ObjectNode object = decode(body, 0);
        if (Trees.levels(object) > Trees.MOST_LEVELS) {
            throw new SyntaxException("proto: exceeded max recursion depth of " + Trees.MOST_LEVELS);
        }
        return object;
    }

    /** Embedded objects may be envelopes in their turn. */
    static ObjectNode decode(byte[] body, int depth) {
        if (!isEnvelope(body)) {
            throw new SyntaxException(
                    "provided data does not appear to be a protobuf message, expected prefix " + "[107 56 115 0]");
        }
        Wire unknown = new Wire(body, MAGIC.length, body.length);
        TypeMeta type = new TypeMeta("", "");
        byte[] raw = {};
        String contentType = "";
        while (unknown.next()) {
            switch (unknown.number()) {
                case 1 -> type = TypeMeta.read(unknown.message());
                case 2 -> raw = unknown.bytes();
                case 4 -> contentType = unknown.text();
                default -> unknown.skip();
            }
        }
        if (contentType.equals(Format.JSON.mediaType())) {
            return Format.object(JsonBody.parse(raw)).object();
        }
        return object(type.apiVersion(), type.kind(), raw, depth);
    }

    /** Which kind the bytes are of. */
    private record TypeMeta(String apiVersion, String kind) {
        static TypeMeta read(Wire message) {
            String apiVersion = "";
            String kind = "";
            while (message.next()) {
                switch (message.number()) {
                    case 1 -> apiVersion = message.text();
                    case 2 -> kind = message.text();
                    default -> message.skip();
                }
            }
            return new TypeMeta(apiVersion, kind);
        }
    }

    private static ObjectNode object(String apiVersion, String kind, byte[] raw, int depth) {
        Optional<Definition> definition = SchemaTable.builtIn().kind(apiVersion, kind);
        if (definition.isEmpty()) {
            throw StatusException.badRequest(
                    "no kind \"%s\" is registered for version \"%s\"".formatted(kind, apiVersion));
        }
        try {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            object.put("apiVersion", apiVersion);
            object.put("kind", kind);
            new MessageDecoder(SchemaTable.builtIn()).into(object, definition.get(), new Wire(raw), depth);
            return object;
        } catch (SyntaxException e) {
            throw FieldCheck.cannotBeHandled(apiVersion, kind, kind, e.detail());
        }
    }

    /** Bytes that hold an object as JSON or as an envelope. */
    static JsonNode embedded(byte[] raw, int depth) {
        if (raw.length == 0) {
            return JsonNodeFactory.instance.nullNode();
        }
        return isEnvelope(raw) ? decode(raw, depth) : any(raw);
    }

    /** Bytes that hold any JSON value. */
    static JsonNode any(byte[] raw) {
        if (raw.length == 0) {
            return JsonNodeFactory.instance.nullNode();
        }
        return JsonBody.parse(raw).tree();
    }
}
