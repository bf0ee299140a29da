package io.jollyboat.server.http;

import io.jollyboat.world.World;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.TreeMap;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Serves the OpenAPI documents so that clients ask for each only once (KEP-2896). */
final class OpenApiCalls {
    private static final Duration KEPT = Duration.ofDays(365);

    /** How kubectl asks for version 2: only about kinds that it did not find in version 3. */
    private static final String PROTOBUF = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";
    /**
     * An OpenAPI document in protobuf without any kind: {@code swagger} 2.0, {@code info} and empty {@code paths}. The
     * client then leaves it to the server to say what it thinks of the kind.
     */
    private static final byte[] NO_KINDS =
            "\n\u00032.0\u0012\u0015\n\nKubernetes\u0012\u0007v1.35.0B\0".getBytes(StandardCharsets.ISO_8859_1);

    private final World world;
    private final Documents documents;
    private final Answers answers;

    OpenApiCalls(World world, Documents documents, Answers answers) {
        this.world = world;
        this.documents = documents;
        this.answers = answers;
    }

    void v2(Call call) throws IOException {
        byte[] document = documents.v2();
        if (document.length == 0) {
            throw Statuses.noSuchPath();
        }
        String tag = "\"" + documents.v2Hash() + "\"";
        String accept = call.request().header("accept");
        if (accept.startsWith(PROTOBUF) && !accept.contains("json")) {
            call.response().header("content-type", PROTOBUF.replace("@", ".")).send(NO_KINDS);
        } else {
            send(call, document, tag);
        }
    }

    /** {@code /openapi/v3}: which documents there are. */
    void index(Call call) throws IOException {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        ObjectNode paths = root.putObject("paths");
        new TreeMap<>(documents.v3Hashes())
                .forEach((path, hash) ->
                        paths.putObject(path).put("serverRelativeURL", "/openapi/v3/" + path + "?hash=" + hash));
        answers.tree(call, root);
    }

    /** {@code /openapi/v3/PATH}: with the right hash for ever, with a wrong one sent to the right. */
    void v3(Call call) throws IOException {
        var segments = call.request().segments();
        String path = String.join("/", segments.subList(2, segments.size()));
        byte[] document = documents.v3(path).orElseThrow(Statuses::noSuchPath);
        String hash = documents.v3Hashes().getOrDefault(path, "");
        String asked = call.query().first("hash");
        if (!asked.isEmpty() && !asked.equals(hash)) {
            call.response()
                    .status(301)
                    .header("location", "/openapi/v3/" + path + "?hash=" + hash)
                    .send(new byte[0]);
            return;
        }
        if (!asked.isEmpty()) {
            call.response()
                    .header("cache-control", "public, immutable")
                    .header(
                            "expires",
                            DateTimeFormatter.RFC_1123_DATE_TIME.format(
                                    world.now().plus(KEPT).atOffset(ZoneOffset.UTC)));
        }
        send(call, document, "\"" + hash + "\"");
    }

    private static void send(Call call, byte[] document, String tag) throws IOException {
        call.response().header("etag", tag).header("vary", "Accept").header("content-type", "application/json");
        if (call.request().header("if-none-match").equals(tag)) {
            call.response().status(304).send(new byte[0]);
            return;
        }
        AnswerStream stream = new AnswerStream(call.response(), Answers.takesGzip(call.request()));
        stream.write(document);
        stream.close();
    }
}
