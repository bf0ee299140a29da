package io.jollyboat.server.http;

import io.jollyboat.api.ObjectList;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.codec.Format;
import io.jollyboat.api.codec.Protobuf;
import io.jollyboat.api.codec.YamlText;
import io.jollyboat.api.kinds.Tables.Include;
import io.jollyboat.server.SharedObject;
import io.jollyboat.server.http.wire.Request;
import io.jollyboat.server.http.wire.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Writes answers in the form that the client asked for. */
final class Answers {
    /** Programs before which people sit: they get indented JSON. */
    private static final Pattern PEOPLE = Pattern.compile("^(curl|Wget|Mozilla/5\\.0).*");

    /** How many items of a list are written before others have a go. */
    private static final int STRIDE = 200;

    private final Forms forms;

    Answers(Forms forms) {
        this.forms = forms;
    }

    void failure(Request request, Response response, StatusException failure) throws IOException {
        int code = failure.failure().reason().code();
        if (failure.failure().retryAfterSeconds() > 0) {
            response.header("retry-after", String.valueOf(failure.failure().retryAfterSeconds()));
        }
        ObjectNode status = Statuses.of(failure);
        response.status(code);
        Accepts accepts = Accepts.of(request);
        if (accepts.failuresInYaml()) {
            yaml(request, response, status);
        } else if (!accepts.failuresInProtobuf() || !protobuf(request, response, status)) {
            json(request, response, status, pretty(request, accepts));
        }
    }

    /** A path that is nobody's. In plain text, as Kubernetes says it. */
    void nobodys(Response response) throws IOException {
        plain(response, Reason.NOT_FOUND, "404 page not found\n");
    }

    /** Too many requests wait already: the client shall come again in a second. In plain text, as Kubernetes says it. */
    void busy(Response response) throws IOException {
        response.header("retry-after", "1");
        plain(response, Reason.TOO_MANY_REQUESTS, "Too many requests, please try again later.\n");
    }

    private static void plain(Response response, Reason reason, String text) throws IOException {
        response.status(reason.code())
                .header("content-type", "text/plain; charset=utf-8")
                .header("x-content-type-options", "nosniff");
        response.send(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A document that is no object and has no other forms, in JSON, YAML or protobuf. */
    void document(Call call, ObjectNode document) throws IOException {
        call.accepts().demandPlain();
        if (!call.accepts().onlyProtobuf() || !protobuf(call.request(), call.response(), document)) {
            tree(call, document, call.accepts().yaml(true));
        }
    }

    private static void tree(Call call, JsonNode tree, boolean yaml) throws IOException {
        if (yaml) {
            yaml(call.request(), call.response(), tree);
        } else {
            json(call.request(), call.response(), tree, pretty(call.request(), call.accepts()));
        }
    }

    /** One object, or what the client wants to see of it. */
    void object(Call call, Resource resource, ObjectNode object) throws IOException {
        boolean status = object.path("kind").asString("").equals("Status");
        boolean tables = resource.verbs().contains("get");
        Accept.Form form = status ? Accept.Form.PLAIN : call.accepts().form(tables);
        if (form == Accept.Form.PLAIN
                && call.accepts().onlyProtobuf()
                && protobuf(call.request(), call.response(), object)) {
            return;
        }
        ObjectNode seen = switch (form) {
            case PLAIN, DISCOVERY -> object;
            case METADATA -> Forms.metadataOnly(object);
            case TABLE -> forms.table(resource, object, Forms.include(call.query()), true);
        };
        tree(call, seen, call.accepts().yaml(tables));
    }

    /** Answers in protobuf; false for kinds that have no message. */
    private static boolean protobuf(Request request, Response response, ObjectNode object) throws IOException {
        Optional<byte[]> message = SharedObject.message(object);
        if (message.isPresent()) {
            AnswerStream stream = protobuf(request, response);
            stream.write(Protobuf.enveloped(object, message.get()));
            stream.close();
        }
        return message.isPresent();
    }

    private static AnswerStream protobuf(Request request, Response response) {
        response.header("content-type", Protobuf.mediaType());
        return new AnswerStream(response, takesGzip(request));
    }

    /**
     * Answers a list in protobuf, item by item: the messages that stored objects keep are sent as they are. False for
     * kinds that have no message.
     */
    private static boolean protobuf(Call call, ObjectNode head, ObjectList list) throws IOException {
        List<byte[]> messages = new ArrayList<>(list.items().size());
        for (ObjectNode item : list.items()) {
            SharedObject.message(item).ifPresent(messages::add);
            yieldAfter(messages.size());
        }
        Optional<byte[]> start =
                messages.size() < list.items().size() ? Optional.empty() : Protobuf.listStart(head, messages);
        if (start.isEmpty()) {
            return false;
        }
        AnswerStream stream = protobuf(call.request(), call.response());
        stream.write(start.get());
        int written = 0;
        for (byte[] message : messages) {
            stream.write(Protobuf.itemStart(message));
            stream.write(message);
            yieldAfter(++written);
        }
        stream.write(Protobuf.listEnd());
        stream.close();
        return true;
    }

    /** Others shall not wait for the end of a long list. */
    private static void yieldAfter(int items) {
        if (items % STRIDE == 0) {
            Thread.yield();
        }
    }

    void list(Call call, ObjectList list) throws IOException {
        Resource resource = list.resource();
        switch (call.accepts().form(true)) {
            case PLAIN, DISCOVERY -> {
                ObjectNode head = head(list, resource.apiVersion(), resource.kind() + "List");
                if (call.accepts().onlyProtobuf() && protobuf(call, head, list)) {
                    return;
                }
                boolean kinds = !isBuiltIn(resource);
                ItemWriter compact = kinds ? Json::writeTree : Json::writeItem;
                items(call, head, "items", list, compact);
            }
            case METADATA ->
                items(
                        call,
                        head(list, Forms.META, "PartialObjectMetadataList"),
                        "items",
                        list,
                        (out, item) -> Json.writeTree(out, Forms.metadataOnly(item)));
            case TABLE -> {
                Include include = Forms.include(call.query());
                items(
                        call,
                        forms.tableHead(list),
                        "rows",
                        list,
                        (out, item) -> Json.writeTree(out, forms.row(resource, item, include)));
            }
        }
    }

    /** Writes one item of a list in compact form. */
    @FunctionalInterface
    private interface ItemWriter {
        void write(OutputStream out, ObjectNode item) throws IOException;
    }

    private static ObjectNode head(ObjectList list, String apiVersion, String kind) {
        ObjectNode head =
                JsonNodeFactory.instance.objectNode().put("kind", kind).put("apiVersion", apiVersion);
        head.set("metadata", Forms.listMeta(list));
        return head;
    }

    /** A list is written item by item: no tree is made of the whole. */
    private static void items(Call call, ObjectNode head, String field, ObjectList list, ItemWriter writer)
            throws IOException {
        boolean yaml = call.accepts().yaml(true);
        if (yaml || pretty(call.request(), call.accepts())) {
            ByteArrayOutputStream compact = new ByteArrayOutputStream();
            writeItems(compact, head, field, list, writer);
            tree(call, Json.MAPPER.readTree(compact.toByteArray()), yaml);
        } else {
            send(call.request(), call.response(), stream -> writeItems(stream, head, field, list, writer));
        }
    }

    private static void writeItems(
            OutputStream stream, ObjectNode head, String field, ObjectList list, ItemWriter writer) throws IOException {
        byte[] start = Json.bytes(head);
        stream.write(start, 0, start.length - 1);
        stream.write((",\"" + field + "\":[").getBytes(StandardCharsets.US_ASCII));
        int written = 0;
        for (ObjectNode item : list.items()) {
            if (written > 0) {
                stream.write(',');
            }
            writer.write(stream, item);
            yieldAfter(++written);
        }
        stream.write(']');
        stream.write('}');
    }

    /** Items of built-in kinds do not repeat their kind; custom resources do. */
    private static boolean isBuiltIn(Resource resource) {
        return Resources.builtIn()
                .byPlural(resource.apiVersion(), resource.plural())
                .isPresent();
    }

    /** One tree in JSON, for people, whatever the client takes. */
    void page(Call call, JsonNode tree) throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        Json.write(text, true, out -> out.writeTree(tree));
        call.response().header("content-type", "application/json");
        call.response().send(text.toByteArray());
    }

    void text(Call call, String text) throws IOException {
        call.response().header("content-type", "text/plain; charset=utf-8");
        call.response().send(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void json(Request request, Response response, JsonNode tree, boolean pretty) throws IOException {
        send(request, response, stream -> {
            if (pretty) {
                Json.write(stream, true, out -> out.writeTree(tree));
            } else {
                Json.writeTree(stream, tree);
            }
        });
    }

    private static void yaml(Request request, Response response, JsonNode tree) throws IOException {
        response.header("content-type", Format.YAML.mediaType());
        AnswerStream stream = new AnswerStream(response, takesGzip(request));
        YamlText.write(stream, tree);
        stream.close();
    }

    /** Writes a document. */
    @FunctionalInterface
    private interface Document {
        void write(OutputStream stream) throws IOException;
    }

    private static void send(Request request, Response response, Document document) throws IOException {
        if (!response.hasHeader("content-type")) {
            response.header("content-type", "application/json");
        }
        AnswerStream stream = new AnswerStream(response, takesGzip(request));
        document.write(stream);
        stream.write('\n');
        stream.close(); // not when the document broke off: the client must not take half for the whole
    }

    static boolean takesGzip(Request request) {
        return List.of(request.header("accept-encoding").split(",")).stream()
                .anyMatch(coding -> coding.strip().equals("gzip"));
    }

    private static boolean pretty(Request request, Accepts accepts) {
        if (request.query().has("pretty")) {
            return request.query().flag("pretty");
        }
        return accepts.pretty() || PEOPLE.matcher(request.header("user-agent")).matches();
    }
}
