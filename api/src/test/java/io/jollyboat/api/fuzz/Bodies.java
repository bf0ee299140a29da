package io.jollyboat.api.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.Meta;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.Trees;
import io.jollyboat.api.WrittenNumber;
import io.jollyboat.api.codec.Format;
import io.jollyboat.api.codec.Protobuf;
import io.jollyboat.api.kinds.Defaults;
import io.jollyboat.api.kinds.Tables;
import io.jollyboat.api.kinds.Tables.Include;
import io.jollyboat.api.schema.BuiltInSchema;
import io.jollyboat.api.schema.FieldCheck;
import io.jollyboat.api.schema.Type;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What must hold for a body, whatever its form: it is refused in words, or all that follows can work with it. */
final class Bodies {
    static final List<String> WORDS = List.of(
            "\"apiVersion\":\"v1\"",
            "\"kind\":\"Pod\"",
            "\"metadata\":",
            "\"spec\":",
            "\"status\":",
            "\"containers\":[{",
            "\"name\":",
            "\"labels\":",
            "null",
            "true",
            "-0",
            "1e999999999",
            "1E-400",
            "9223372036854775808",
            "1e21",
            "0.1",
            "\\ud800",
            "\\u0000",
            "\\",
            "\"",
            "[[",
            "{\"a\":",
            "}",
            "]",
            "500m",
            "1Gi",
            "2026-01-01T00:00:00Z",
            "$patch",
            "/");

    private Bodies() {}

    /** A refusal that is the client's fault; anything else goes on as the defect that it is. */
    static Optional<ObjectNode> decoded(Format format, byte[] body) {
        try {
            return Optional.of(format.decode(body, "Pod").object());
        } catch (StatusException e) {
            refused(e);
            return Optional.empty();
        }
    }

    /** A refusal has a code of the client's and says why, and what it says can be sent. */
    static void refused(StatusException e) {
        assertThat(e.failure().reason().code()).isBetween(400, 499);
        assertThat(e.getMessage()).isNotBlank().hasSizeLessThan(1 << 20);
    }

    /** Such as {@code 1e999}: its type refuses it, or it is where no field is. */
    static boolean hasNumberWithoutValue(JsonNode tree) {
        return tree instanceof WrittenNumber number
                ? !number.isFinite()
                : tree.valueStream().anyMatch(Bodies::hasNumberWithoutValue);
    }

    /** What was read is written, and read again it is the same. */
    static void readsTheSameAgain(ObjectNode object) {
        byte[] text = JsonMapper.shared().writeValueAsBytes(object);
        ObjectNode again = Format.JSON.decode(text, "Pod").object();
        assertThat(Trees.equal(again, object)).as("%s", object).isTrue();
    }

    /** All that happens to an object by its schema: unknown fields, defaults, tables, protobuf. */
    static void goesItsWay(ObjectNode object) {
        Resource resource = resource(object);
        Optional<Type.Struct> type = BuiltInSchema.schema().type(resource);
        if (type.isEmpty()) {
            return;
        }
        FieldCheck.Checked checked = FieldCheck.check(object, type.get());
        if (checked.mismatch().isPresent()) {
            return;
        }
        ObjectNode clean = checked.object().deepCopy();
        FieldCheck.Checked twice = FieldCheck.check(clean, type.get());
        assertThat(twice.unknown()).isEmpty();
        assertThat(twice.mismatch()).isEmpty();
        assertThat(same(twice.object(), clean)).as("%s", clean).isTrue();
        Defaults.apply(resource, clean);
        ObjectNode once = clean.deepCopy();
        Defaults.apply(resource, clean);
        assertThat(same(clean, once)).as("defaults of %s", once).isTrue();
        Tables.table(
                resource,
                List.of(clean),
                JsonMapper.shared().createObjectNode(),
                Include.METADATA,
                true,
                Instant.parse("2026-01-01T00:00:00Z"));
        clean.put("apiVersion", resource.apiVersion()).put("kind", resource.kind());
        Protobuf.encode(clean).ifPresent(bytes -> Format.PROTOBUF.decode(bytes, resource.kind()));
        readsTheSameAgain(clean);
    }

    private static boolean same(JsonNode a, JsonNode b) {
        return Trees.equal(a, b);
    }

    /** The kind that an object names, a Pod for what is none. */
    private static Resource resource(ObjectNode object) {
        return Resources.builtIn().all().stream()
                .filter(one ->
                        one.kind().equals(Meta.kind(object)) && one.apiVersion().equals(Meta.apiVersion(object)))
                .findFirst()
                .orElseGet(() -> Resources.kind("v1", "Pod"));
    }

    static String text(byte[] input) {
        return new String(input, StandardCharsets.UTF_8);
    }
}
