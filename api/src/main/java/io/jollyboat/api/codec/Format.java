package io.jollyboat.api.codec;

import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The forms in which a body may come, each with its media type. */
public enum Format {
    JSON("application/json"),
    YAML("application/yaml"),
    PROTOBUF("application/vnd.kubernetes.protobuf");

    private static final int SUMMARY_LENGTH = 30;
    private static final String NO_KIND = "couldn't get version/kind; json parse error: ";
    private static final String NO_VERSION = "unexpected GroupVersion string: ";
    private static final String NO_STRUCT = " into Go value of type struct { APIVersion "
            + "string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string \"json:\\\"kind,omitempty\\\"\" }";

    private final String mediaType;

    Format(String mediaType) {
        this.mediaType = mediaType;
    }

    public String mediaType() {
        return mediaType;
    }

    /**
     * By the Content-Type header; "" is JSON.
     *
     * @throws StatusException UnsupportedMediaType for any other
     */
    public static Format of(String contentType) {
        String type = contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        for (Format format : values()) {
            if (type.isEmpty() || type.equals(format.mediaType)) {
                return format;
            }
        }
        throw StatusException.of(
                Reason.UNSUPPORTED_MEDIA_TYPE,
                "the body of the request was in an unknown format - accepted media types include: "
                        + "application/json, application/yaml, application/vnd.kubernetes.protobuf");
    }

    /**
     * Reads a body.
     *
     * @param expectedKind for the message, where the body cannot be read
     * @throws StatusException BadRequest in the server's words
     */
    public Decoded decode(byte[] body, String expectedKind) {
        try {
            return read(body, true);
        } catch (SyntaxException e) {
            throw StatusException.badRequest("the object provided is unrecognized (must be of type %s): %s (%s)"
                    .formatted(expectedKind, e.detail(), summary(body)));
        }
    }

    /**
     * Reads a body of options.
     *
     * @throws StatusException BadRequest in the server's words, which are shorter than for objects
     */
    public ObjectNode decodeOptions(byte[] body) {
        try {
            return read(body, false).object();
        } catch (SyntaxException e) {
            throw StatusException.badRequest(e.detail());
        }
    }

    private Decoded read(byte[] body, boolean typed) {
        return switch (this) {
            case JSON -> object(json(body, typed));
            case YAML -> object(YamlBody.parse(new String(body, StandardCharsets.UTF_8)));
            case PROTOBUF -> new Decoded(ProtobufBody.decode(body), List.of());
        };
    }

    private static JsonBody.Parsed json(byte[] body, boolean typed) {
        try {
            return typed ? JsonBody.parseTyped(body) : JsonBody.parse(body);
        } catch (SyntaxException e) {
            throw new SyntaxException(NO_KIND + e.detail());
        }
    }

    /** A text as an object, whose version and kind can be told; null is an empty one. */
    static Decoded object(JsonBody.Parsed parsed) {
        if (parsed.tree().isNull()) {
            return new Decoded(JsonNodeFactory.instance.objectNode(), List.of());
        }
        if (!(parsed.tree() instanceof ObjectNode object)) {
            throw new SyntaxException(NO_KIND + "json: cannot unmarshal " + JsonBody.nameOf(parsed.tree()) + NO_STRUCT);
        }
        for (String field : List.of("apiVersion", "kind")) {
            JsonNode value = object.path(field);
            if (!value.isString() && !value.isNull() && !value.isMissingNode()) {
                throw new SyntaxException("%sjson: cannot unmarshal %s into Go struct field .%s of type string"
                        .formatted(NO_KIND, JsonBody.nameOf(value), field));
            }
        }
        String apiVersion = object.path("apiVersion").asString("");
        if (apiVersion.indexOf('/') != apiVersion.lastIndexOf('/')) {
            throw new SyntaxException(NO_VERSION + apiVersion);
        }
        return new Decoded(object, parsed.duplicates());
    }

    /** The beginning of a body: as it is when it looks like JSON, else in hexadecimal. */
    private static String summary(byte[] body) {
        if (body.length == 0) {
            return "<empty>";
        }
        int length = Math.min(body.length, SUMMARY_LENGTH);
        String start = body[0] == '{'
                ? new String(body, 0, length, StandardCharsets.UTF_8)
                : HexFormat.of().formatHex(body, 0, length);
        return body.length > length ? start + " ..." : start;
    }
}
