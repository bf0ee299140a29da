package io.jollyboat.server.http;

import io.jollyboat.api.Resources;
import io.jollyboat.api.openapi.OpenApi;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Serves discovery; the documents are made when first asked for and kept as long as the catalogue stays the same. */
final class DiscoveryCalls {
    private static final String AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

    private final Backend backend;
    private final Answers answers;
    private volatile Known known = new Known(new Resources(List.of()));

    DiscoveryCalls(Backend backend, Answers answers) {
        this.backend = backend;
        this.answers = answers;
    }

    /** A catalogue and what was made of it. */
    private record Known(Resources resources, Discovery discovery, Map<Boolean, Document> aggregated) {
        Known(Resources resources) {
            this(resources, new Discovery(resources), new ConcurrentHashMap<>());
        }
    }

    /** A document as it is sent, with its entity tag. */
    private record Document(byte[] bytes, String tag) {
        static Document of(JsonNode tree) {
            byte[] bytes =
                    (new String(Json.bytes(tree), StandardCharsets.UTF_8) + "\n").getBytes(StandardCharsets.UTF_8);
            return new Document(bytes, "\"" + OpenApi.hash(bytes) + "\"");
        }
    }

    private Known known() {
        Resources now = backend.resources();
        Known last = known;
        if (last.resources() != now) {
            last = new Known(now);
            known = last;
        }
        return last;
    }

    Discovery discovery() {
        return known().discovery();
    }

    /** {@code /api} and {@code /apis}. */
    void root(Call call) throws IOException {
        boolean core = call.request().segments().getFirst().equals("api");
        call.response().header("vary", "Accept");
        if (Accept.aggregated(call.request().header("accept"))) {
            Known now = known();
            Document document = now.aggregated()
                    .computeIfAbsent(core, c -> Document.of(now.discovery().aggregated(c)));
            call.response().header("cache-control", "public");
            send(call, document);
        } else if (core) {
            answers.tree(call, Discovery.coreVersions(server(call)));
        } else {
            answers.tree(call, discovery().groupList());
        }
    }

    private static void send(Call call, Document document) throws IOException {
        call.response().header("etag", document.tag());
        if (Tags.known(call.request(), document.tag())) {
            call.response().status(304).send(new byte[0]);
            return;
        }
        call.response().header("content-type", AGGREGATED);
        AnswerStream stream = new AnswerStream(call.response(), Answers.takesGzip(call.request()));
        stream.write(document.bytes());
        stream.close();
    }

    private static String server(Call call) {
        var address = call.request().localAddress();
        return address.getHostString() + ":" + address.getPort();
    }

    /** {@code /apis/GROUP}. */
    void group(Call call) throws IOException {
        tell(call, discovery().group(call.request().segments().get(1)));
    }

    /** {@code /api/v1} and {@code /apis/GROUP/VERSION}. */
    void version(Call call) throws IOException {
        List<String> parts = call.request().segments();
        String group = parts.getFirst().equals("api") ? "" : parts.get(1);
        tell(call, discovery().resourceList(group, parts.getLast()));
    }

    private void tell(Call call, Optional<ObjectNode> found) throws IOException {
        if (found.isPresent()) {
            answers.tree(call, found.get());
        } else {
            answers.nobodys(call.response());
        }
    }
}
