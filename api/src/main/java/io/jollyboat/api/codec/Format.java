package io.jollyboat.api.codec;

import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;

/** The forms in which a body may come, each with its media type. */
public enum Format {
    JSON("application/json"),
    YAML("application/yaml"),
    PROTOBUF("application/vnd.kubernetes.protobuf");

    private static final int SUMMARY_LENGTH = 30;

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
            return switch (this) {
                case JSON -> JsonBody.decode(body);
                case YAML -> YamlBody.decode(new String(body, StandardCharsets.UTF_8));
                case PROTOBUF -> new Decoded(ProtobufBody.decode(body), java.util.List.of());
            };
        } catch (SyntaxException e) {
            throw StatusException.badRequest("the object provided is unrecognized (must be of type %s): %s (%s)"
                    .formatted(expectedKind, e.detail(), summary(body)));
        }
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
