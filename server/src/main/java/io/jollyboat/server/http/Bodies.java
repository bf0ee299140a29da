package io.jollyboat.server.http;

import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.Patch;
import io.jollyboat.api.Resource;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.api.WriteOptions.FieldValidation;
import io.jollyboat.api.codec.Decoded;
import io.jollyboat.api.codec.Format;
import io.jollyboat.api.codec.PatchBody;
import io.jollyboat.api.codec.StrictFields;
import io.jollyboat.api.schema.FieldCheck;
import io.jollyboat.api.schema.Schema;
import io.jollyboat.api.schema.Type;
import io.jollyboat.server.Conversion;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads the bodies of writes: objects into their types, with all that may be wrong about that, and patches, whose
 * outcome is read only where they are applied.
 */
final class Bodies {
    static final int LARGEST = 3 << 20;

    private static final String APPLY = "application/apply-patch+yaml";
    private static final String OPTIONS_SCHEME = "pkg/apis/meta/internalversion/scheme/register.go:27";
    private static final Resource DELETE_OPTIONS = Resource.unserved("", "v1", "DeleteOptions");
    private static final Resource EVICTION_BEFORE = Resource.unserved("policy", "v1beta1", "Eviction");

    private final Schema schema;

    Bodies(Schema schema) {
        this.schema = schema;
    }

    /**
     * The object that a client sent, as its type has it.
     *
     * @param expected the kind that belongs here
     * @throws StatusException 400 for what is no object of this kind, and for unknown or repeated fields where the
     *     client wants strictness; 415 for a form that nobody reads
     */
    ObjectNode object(Call call, Resource expected, WriteOptions options) throws IOException {
        Format format = Format.of(call.request().header("content-type"));
        byte[] bytes = call.request().body(LARGEST);
        Decoded decoded = format.decode(bytes, expected.kind());
        ObjectNode object = decoded.object();
        Conversion.Said said = Conversion.Said.of(object, expected);
        if (schema.type(expected).isEmpty()) {
            return object; // a custom resource without a type says nothing of itself
        }
        if (said.is(EVICTION_BEFORE) && expected.kind().equals(said.kind())) {
            object.put("apiVersion", expected.apiVersion());
            said = Conversion.Said.of(object, expected);
        }
        try {
            Type.Struct type = Conversion.type(schema, said);
            FieldCheck.Checked checked = FieldCheck.check(object, type);
            checked.mismatch().ifPresent(detail -> {
                throw new Conversion.Failure(detail);
            });
            List<String> problems = problems(format, bytes, decoded, type, checked);
            Conversion.check(said, expected);
            judge(problems, options);
            object = checked.object();
        } catch (Conversion.Failure failure) {
            throw FieldCheck.cannotBeHandled(said.apiVersion(), said.kind(), expected.kind(), failure.detail());
        }
        Conversion.checkVersion(said, expected);
        return object;
    }

    private static void judge(List<String> problems, WriteOptions options) {
        if (options.validation() == FieldValidation.STRICT && !problems.isEmpty()) {
            throw new Conversion.Failure(FieldCheck.strict(problems));
        }
        if (options.validation() == FieldValidation.WARN) {
            options.warn(problems);
        }
    }

    /** What strictness finds. YAML is read by way of sorted JSON, so that its unknown fields come sorted. */
    private static List<String> problems(
            Format format, byte[] bytes, Decoded decoded, Type.Struct type, FieldCheck.Checked checked) {
        if (format == Format.PROTOBUF) {
            return List.of();
        }
        if (format == Format.JSON) {
            return decoded.duplicates().isEmpty() ? checked.unknown() : StrictFields.problems(bytes, type);
        }
        List<String> problems = new ArrayList<>(decoded.duplicates());
        checked.unknown().stream().sorted().forEach(problems::add);
        return problems;
    }

    /**
     * How to delete: the body says so, or without one the query.
     *
     * @throws StatusException 400 for a body that is no DeleteOptions
     */
    DeleteOptions deleteOptions(Call call) throws IOException {
        byte[] bytes = call.request().body(LARGEST);
        if (bytes.length == 0) {
            return Options.delete(call.query());
        }
        ObjectNode options = Format.of(call.request().header("content-type")).decodeOptions(bytes);
        Conversion.Said said = Conversion.Said.of(options, DELETE_OPTIONS);
        if (!said.kind().equals(DELETE_OPTIONS.kind())) {
            throw StatusException.badRequest("no kind \"%s\" is registered for version \"%s\" in scheme \"%s\""
                    .formatted(said.kind(), said.apiVersion(), OPTIONS_SCHEME));
        }
        schema.type(DELETE_OPTIONS)
                .flatMap(type -> FieldCheck.check(options, type).mismatch())
                .ifPresent(detail -> {
                    throw StatusException.badRequest(detail);
                });
        return Options.delete(options);
    }

    /** A patch, with what strictness finds in it before it is applied. */
    record Sent(Patch patch, List<String> problems) {}

    /** @throws StatusException 400 for what cannot be read, 415 for a form that is no patch */
    static Sent patch(Call call, FieldValidation validation) throws IOException {
        boolean strict = validation != FieldValidation.IGNORE;
        String type = mediaType(call);
        return switch (type) {
            case "application/json-patch+json" -> {
                PatchBody.Operations operations =
                        PatchBody.operations(call.request().body(LARGEST), strict);
                yield new Sent(new Patch.Json(operations.operations()), operations.problems());
            }
            case "application/merge-patch+json" -> {
                Decoded decoded = PatchBody.merge(call.request().body(LARGEST), strict);
                yield new Sent(new Patch.Merge(decoded.object()), decoded.duplicates());
            }
            case "application/strategic-merge-patch+json" -> {
                Decoded decoded = PatchBody.strategic(call.request().body(LARGEST));
                yield new Sent(new Patch.Strategic(decoded.object()), decoded.duplicates());
            }
            case APPLY -> {
                Decoded decoded = PatchBody.intent(call.request().body(LARGEST));
                yield new Sent(new Patch.Apply(decoded.object()), decoded.duplicates());
            }
            default -> throw StatusException.of(Reason.UNSUPPORTED_MEDIA_TYPE, "415: Unsupported Media Type");
        };
    }

    static boolean applies(Call call) {
        return mediaType(call).equals(APPLY);
    }

    private static String mediaType(Call call) {
        String type = call.request().header("content-type");
        int semicolon = type.indexOf(';');
        return (semicolon < 0 ? type : type.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
    }
}
