package io.jollyboat.server.http;

import io.jollyboat.server.SharedObject;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Writes trees as Kubernetes writes them. */
final class Json {
    static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .disable(StreamWriteFeature.FLUSH_PASSED_TO_STREAM)
            .build();

    private static final ObjectWriter COMPACT = MAPPER.writer();
    private static final DefaultIndenter LINES = new DefaultIndenter("  ", "\n");
    private static final ObjectWriter INDENTED = MAPPER.writer()
            .with(new DefaultPrettyPrinter(
                            Separators.createDefaultInstance().withObjectNameValueSpacing(Separators.Spacing.AFTER))
                    .withObjectIndenter(LINES)
                    .withArrayIndenter(LINES));

    private Json() {}

    /** Writes one document; does not close the target. */
    static void write(OutputStream target, boolean pretty, Consumer<JsonGenerator> body) throws IOException {
        try (JsonGenerator out = (pretty ? INDENTED : COMPACT).createGenerator(target)) {
            body.accept(out);
        } catch (JacksonIOException e) {
            throw e.getCause();
        }
    }

    static byte[] bytes(JsonNode node) {
        return COMPACT.writeValueAsBytes(node);
    }

    /** A tree in compact form; what comes from the store is sent as it lies there, without being encoded again. */
    static void writeTree(OutputStream target, JsonNode tree) throws IOException {
        if (tree instanceof SharedObject stored) {
            stored.writeJson(target, true);
        } else {
            write(target, false, out -> out.writeTree(tree));
        }
    }

    /** An object without its own kind and apiVersion, as it stands inside a list, in compact form. */
    static void writeItem(OutputStream target, ObjectNode object) throws IOException {
        if (object instanceof SharedObject stored) {
            stored.writeJson(target, false);
        } else {
            write(target, false, out -> writeItem(out, object));
        }
    }

    /** An object without its own kind and apiVersion, as it stands inside a list. */
    static void writeItem(JsonGenerator out, ObjectNode object) {
        out.writeStartObject();
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            if (!field.getKey().equals("kind") && !field.getKey().equals("apiVersion")) {
                out.writeName(field.getKey());
                out.writeTree(field.getValue());
            }
        }
        out.writeEndObject();
    }
}
