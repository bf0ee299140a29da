package io.jollyboat.server.http;

import io.jollyboat.api.Resources;
import io.jollyboat.api.codec.YamlText;
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
    private static final String AGGREGATED = ";g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

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
        if (core) {
            call.accepts().demandAny();
        }
        Optional<Accept> aggregated = call.accepts().aggregated();
        if (aggregated.isPresent()) {
            send(call, core, aggregated.get().isYaml());
        } else if (core) {
            answers.document(call, Discovery.coreVersions(backend.address()));
        } else {
            answers.document(call, discovery().groupList());
        }
    }

    /** In every form under the same tag. */
    private void send(Call call, boolean core, boolean yaml) throws IOException {
        Known now = known();
        Document document = now.aggregated()
                .computeIfAbsent(core, c -> Document.of(now.discovery().aggregated(c)));
        call.response()
                .header("vary", "Accept")
                .header("cache-control", "public")
                .header("etag", document.tag());
        if (call.request().header("if-none-match").equals(document.tag())) {
            call.response().status(304).send(new byte[0]);
            return;
        }
        call.response().header("content-type", (yaml ? "application/yaml" : "application/json") + AGGREGATED);
        AnswerStream stream = new AnswerStream(call.response(), Answers.takesGzip(call.request()));
        if (yaml) {
            YamlText.write(stream, Json.MAPPER.readTree(document.bytes()));
        } else {
            stream.write(document.bytes());
        }
        stream.close();
    }

    /** {@code /apis/GROUP}. */
    void group(Call call) throws IOException {
        Optional<ObjectNode> found = discovery().group(call.request().segments().get(1));
        if (found.isPresent()) {
            answers.document(call, found.get());
        } else {
            answers.nobodys(call.response());
        }
    }

    /** {@code /api/v1} and {@code /apis/GROUP/VERSION}. */
    void version(Call call) throws IOException {
        List<String> parts = call.request().segments();
        String group = parts.getFirst().equals("api") ? "" : parts.get(1);
        if (!group.isEmpty() && discovery().group(group).isEmpty()) {
            answers.nobodys(call.response());
        } else {
            ObjectNode kinds = discovery().resourceList(group, parts.getLast()).orElseThrow(Statuses::noSuchPath);
            call.accepts().demandAny();
            answers.document(call, kinds);
        }
    }
}
