package io.jollyboat.server.http;

import io.jollyboat.api.openapi.OpenApi;
import io.jollyboat.world.World;
import java.io.IOException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Serves the OpenAPI documents, as JSON and protobuf, so that clients ask for each only once (KEP-2896). */
final class OpenApiCalls {
    private static final Duration KEPT = Duration.ofDays(365);
    private static final String JSON = "application/json";

    private final World world;
    private final Documents documents;

    OpenApiCalls(World world, Documents documents) {
        this.world = world;
        this.documents = documents;
    }

    void v2(Call call) throws IOException {
        if (documents.v2Hash().isEmpty()) {
            throw Statuses.noSuchPath();
        }
        Optional<String> type = type(call, "v2");
        if (type.isPresent()) {
            send(
                    call,
                    type.get(),
                    documents.v2Hash(),
                    () -> type.get().equals(JSON) ? documents.v2() : documents.v2Protobuf());
        }
    }

    /** {@code /openapi/v3}: which documents there are. */
    void index(Call call) throws IOException {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        ObjectNode paths = root.putObject("paths");
        new TreeMap<>(documents.v3Hashes())
                .forEach((path, hash) -> paths.putObject(path).put("serverRelativeURL", url(path, hash)));
        byte[] bytes = Json.bytes(root);
        send(call, JSON, OpenApi.hash(bytes), () -> bytes);
    }

    /** {@code /openapi/v3/PATH}: with the right hash for ever, with a wrong one sent to the right. */
    void v3(Call call) throws IOException {
        var segments = call.request().segments();
        String path = String.join("/", segments.subList(2, segments.size()));
        String hash = Optional.ofNullable(documents.v3Hashes().get(path)).orElseThrow(Statuses::noSuchPath);
        Optional<String> type = type(call, "v3");
        if (type.isEmpty()) {
            return;
        }
        String asked = call.query().first("hash");
        if (!asked.isEmpty() && !asked.equals(hash)) {
            call.response()
                    .status(301)
                    .header("location", url(path, hash))
                    .header("etag", quoted(hash))
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
        send(
                call,
                type.get(),
                hash,
                () -> (type.get().equals(JSON) ? documents.v3(path) : documents.v3Protobuf(path))
                        .orElseThrow(Statuses::noSuchPath));
    }

    private static String url(String path, String hash) {
        return "/openapi/v3/" + path + "?hash=" + hash;
    }

    /** The media type to answer with, whose name has no at sign; empty when the client takes none, which it is told. */
    private static Optional<String> type(Call call, String version) throws IOException {
        String protobuf = "application/com.github.proto-openapi.spec." + version + ".v1.0+protobuf";
        call.response().header("vary", "Accept");
        for (Accept entry : call.accepts().entries()) {
            String type = entry.quality() > 0 ? entry.type().replace('@', '.') : "";
            if (type.equals("*/*") || type.equals("application/*") || type.equals(JSON)) {
                return Optional.of(JSON);
            }
            if (type.equals(protobuf)) {
                return Optional.of(protobuf);
            }
        }
        call.response().status(406).send(new byte[0]);
        return Optional.empty();
    }

    private static String quoted(String hash) {
        return "\"" + hash + "\"";
    }

    /** @param document is made only for a client that does not have it */
    private static void send(Call call, String type, String hash, Supplier<byte[]> document) throws IOException {
        call.response().header("etag", quoted(hash));
        if (Tags.known(call.request(), quoted(hash))) {
            call.response().status(304).send(new byte[0]);
            return;
        }
        byte[] bytes = document.get();
        call.response().header("content-type", type);
        AnswerStream stream = new AnswerStream(call.response(), Answers.takesGzip(call.request()));
        stream.write(bytes);
        stream.close();
    }
}
