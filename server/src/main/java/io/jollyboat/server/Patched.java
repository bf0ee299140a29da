package io.jollyboat.server;

import io.jollyboat.api.GoText;
import io.jollyboat.api.Patch;
import io.jollyboat.api.Resource;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Cause;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.api.WriteOptions.FieldValidation;
import io.jollyboat.api.codec.Format;
import io.jollyboat.api.patch.StrategicPatch;
import io.jollyboat.api.schema.FieldCheck;
import io.jollyboat.api.schema.GoOrder;
import io.jollyboat.api.schema.Schema;
import io.jollyboat.api.schema.Type;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads what came of a patch into its kind, as strictly as the client wants it. What is wrong is a fault of the field
 * {@code patch}, whose value is the outcome of a JSON or merge patch as JSON, or a strategic merge patch itself.
 */
final class Patched {
    /** As Kubernetes names what is wrong with the outcome of a patch. */
    private static final Resource NOTHING = Resource.unserved("", "", "");

    private final Schema schema;

    Patched(Schema schema) {
        this.schema = schema;
    }

    /**
     * The outcome, with the kind that belongs there.
     *
     * @param before what was patched
     * @param after a tree of the caller's own
     * @throws StatusException 422 for an outcome that is no object of this kind, and for unknown or repeated fields
     *     where the client wants strictness
     */
    ObjectNode read(Resource resource, ObjectNode before, JsonNode after, Patch patch, WriteOptions options) {
        boolean built = patch instanceof Patch.Strategic;
        ObjectNode object = object(after);
        if (built) { // its types are those of the kind, whatever it says
            object.put("apiVersion", resource.apiVersion()).put("kind", resource.kind());
        }
        Optional<Type.Struct> type = schema.type(resource);
        if (type.isEmpty()) {
            return object;
        }
        try {
            Conversion.Said said = Conversion.Said.of(object, resource);
            Conversion.type(schema, said);
            Conversion.check(said, resource);
            return judged(object, before, type.get(), built, options);
        } catch (Conversion.Failure failure) {
            throw invalid(built ? shown(patch) : shown(GoOrder.of(object, before, type.get())), failure.detail());
        }
    }

    private static ObjectNode judged(
            ObjectNode object, ObjectNode before, Type.Struct type, boolean built, WriteOptions options) {
        FieldCheck.Checked checked = check(object, type, built);
        if (checked.mismatch().isPresent() || !checked.unknown().isEmpty()) {
            ObjectNode ordered = built ? GoOrder.of(object, object, type) : GoOrder.of(object, before, type);
            checked = check(ordered, type, built);
        }
        checked.mismatch().ifPresent(detail -> {
            throw new Conversion.Failure(detail);
        });
        List<String> problems = new ArrayList<>(options.problems());
        problems.addAll(checked.unknown());
        if (options.validation() == FieldValidation.STRICT && !problems.isEmpty()) {
            throw new Conversion.Failure(FieldCheck.strict(problems));
        }
        if (options.validation() == FieldValidation.WARN) {
            options.warn(problems);
        }
        return checked.object();
    }

    private static FieldCheck.Checked check(ObjectNode object, Type.Struct type, boolean built) {
        return built ? FieldCheck.checkBuilt(object, type) : FieldCheck.check(object, type);
    }

    private static ObjectNode object(JsonNode after) {
        if (after instanceof ObjectNode object) {
            return object;
        }
        try {
            return Format.JSON.decodeOptions(after.toString().getBytes(StandardCharsets.UTF_8));
        } catch (StatusException e) {
            throw invalid(shown(after), e.failure().message());
        }
    }

    private static String shown(Patch patch) {
        return patch instanceof Patch.Strategic(ObjectNode wanted) ? GoText.of(StrategicPatch.remainder(wanted)) : "";
    }

    /** As Go writes JSON. */
    private static String shown(JsonNode tree) {
        return tree.toString().replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026");
    }

    private static StatusException invalid(String value, String detail) {
        return StatusException.invalid(
                NOTHING,
                "",
                List.of(new Cause(
                        "FieldValueInvalid",
                        "Invalid value: %s: %s".formatted(GoText.quoted(value), detail),
                        "patch")));
    }
}
