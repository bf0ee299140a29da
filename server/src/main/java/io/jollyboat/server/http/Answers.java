package io.jollyboat.server.http;

import io.jollyboat.api.ObjectList;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.server.http.wire.Request;
import io.jollyboat.server.http.wire.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes answers in the form that the client asked for. */
final class Answers {
    /** Programs before which people sit: they get indented JSON. */
    private static final Pattern PEOPLE = Pattern.compile("^(curl|Wget|Mozilla/5\\.0).*");

    private final Forms forms;

    Answers(Forms forms) {
        this.forms = forms;
    }

    void failure(Request request, Response response, StatusException failure) throws IOException {
        int code = failure.failure().reason().code();
        if (failure.failure().retryAfterSeconds() > 0) {
            response.header("retry-after", String.valueOf(failure.failure().retryAfterSeconds()));
        }
        json(request, response.status(code), out -> out.writeTree(Statuses.of(failure.failure())));
    }

    /** One tree as it is. */
    void tree(Call call, JsonNode tree) throws IOException {
        json(call.request(), call.response(), out -> out.writeTree(tree));
    }

    /** One object, or what the client wants to see of it. */
    void object(Call call, Resource resource, ObjectNode object) throws IOException {
        if (object.path("kind").asString("").equals("Status")) {
            tree(call, object);
            return;
        }
        ObjectNode seen = switch (Accept.form(call.request().header("accept"))) {
            case PLAIN, DISCOVERY -> object;
            case METADATA -> Forms.metadataOnly(object);
            case TABLE -> forms.table(resource, object, Forms.include(call.query()), true);
        };
        tree(call, seen);
    }

    void list(Call call, ObjectList list) throws IOException {
        switch (Accept.form(call.request().header("accept"))) {
            case PLAIN, DISCOVERY ->
                json(call.request(), call.response(), out -> {
                    writeListHead(
                            out,
                            list,
                            list.resource().apiVersion(),
                            list.resource().kind() + "List");
                    boolean builtIn = isBuiltIn(list.resource());
                    for (ObjectNode item : list.items()) {
                        if (builtIn) {
                            Json.writeItem(out, item);
                        } else {
                            out.writeTree(item);
                        }
                    }
                    out.writeEndArray().writeEndObject();
                });
            case METADATA ->
                json(call.request(), call.response(), out -> {
                    writeListHead(out, list, Forms.META, "PartialObjectMetadataList");
                    for (ObjectNode item : list.items()) {
                        out.writeTree(Forms.metadataOnly(item));
                    }
                    out.writeEndArray().writeEndObject();
                });
            case TABLE -> tree(call, forms.table(list, Forms.include(call.query())));
        }
    }

    /** Leaves the generator inside the array of items. */
    private static void writeListHead(JsonGenerator out, ObjectList list, String apiVersion, String kind) {
        out.writeStartObject().writeStringProperty("kind", kind).writeStringProperty("apiVersion", apiVersion);
        out.writeName("metadata");
        out.writeTree(Forms.listMeta(list));
        out.writeArrayPropertyStart("items");
    }

    /** Items of built-in kinds do not repeat their kind; custom resources do. */
    private static boolean isBuiltIn(Resource resource) {
        return Resources.builtIn()
                .byPlural(resource.apiVersion(), resource.plural())
                .isPresent();
    }

    void text(Call call, String text) throws IOException {
        call.response().header("content-type", "text/plain; charset=utf-8");
        call.response().send(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void json(Request request, Response response, Consumer<JsonGenerator> body) throws IOException {
        if (!response.hasHeader("content-type")) {
            response.header("content-type", "application/json");
        }
        AnswerStream stream = new AnswerStream(response, takesGzip(request));
        Json.write(stream, pretty(request), body);
        stream.write('\n');
        stream.close(); // not when the document broke off: the client must not take half for the whole
    }

    static boolean takesGzip(Request request) {
        return List.of(request.header("accept-encoding").split(",")).stream()
                .anyMatch(coding -> coding.strip().equals("gzip"));
    }

    private static boolean pretty(Request request) {
        if (request.query().has("pretty")) {
            return request.query().flag("pretty");
        }
        return Accept.pretty(request.header("accept"))
                || PEOPLE.matcher(request.header("user-agent")).matches();
    }
}
