package io.jollyboat.server.http;

import io.jollyboat.api.Api;
import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.Patch;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resource.Subresource;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.api.WriteOptions.FieldValidation;
import io.jollyboat.api.codec.Decoded;
import io.jollyboat.api.codec.Format;
import io.jollyboat.api.schema.FieldCheck;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Turns requests under {@code /api} and {@code /apis} into verbs of the {@link Api}. */
final class ResourceCalls {
    static final int LARGEST_BODY = 3 << 20;

    private static final String PATCH_TYPES = "the body of the request was in an unknown format - accepted media types "
            + "include: application/json-patch+json, application/merge-patch+json, "
            + "application/strategic-merge-patch+json, application/apply-patch+yaml";

    private final Backend backend;
    private final Answers answers;
    private final WatchStream watches;
    private final Map<String, StreamingCall> streaming;

    /** Answers a subresource that is no verb of the Api, such as {@code log}. */
    @FunctionalInterface
    interface StreamingCall {
        void handle(Call call, ResourcePath path) throws IOException, InterruptedException;
    }

    /**
     * @param streaming by resource and subresource, such as {@code pods/log}
     */
    ResourceCalls(Backend backend, Answers answers, WatchStream watches, Map<String, StreamingCall> streaming) {
        this.backend = backend;
        this.answers = answers;
        this.watches = watches;
        this.streaming = Map.copyOf(streaming);
    }

    void handle(Call call) throws IOException, InterruptedException {
        ResourcePath path = ResourcePath.parse(
                        backend.resources(), call.request().segments())
                .orElseThrow(Statuses::noSuchPath);
        Deprecations.warning(path.resource()).ifPresent(new Warnings(call.response()));
        if (!path.subresource().isEmpty()) {
            subresource(call, path);
        } else if (path.name().isEmpty()) {
            collection(call, path);
        } else {
            one(call, path);
        }
    }

    private void collection(Call call, ResourcePath path) throws IOException, InterruptedException {
        boolean watch = path.watch() || call.query().flag("watch");
        switch (call.method()) {
            case "GET" -> {
                demand(path.resource(), watch ? "watch" : "list");
                if (watch) {
                    watches.answer(call, path.resource(), path.namespace(), "");
                } else {
                    answers.list(call, call.api().list(path.resource(), path.namespace(), Options.list(call.query())));
                }
            }
            case "POST" -> {
                demand(path.resource(), "create");
                if (path.resource().namespaced() && path.namespace().isEmpty()) {
                    throw Statuses.methodNotAllowed();
                }
                WriteOptions options = options(call, "CreateOptions");
                ObjectNode body = object(call, path, options);
                ObjectNode made = call.api().create(path.resource(), path.namespace(), body, options);
                call.response().status(201);
                answers.object(call, path.resource(), made);
            }
            case "DELETE" -> {
                demand(path.resource(), "deletecollection");
                DeleteOptions options = deleteOptions(call, path.resource());
                answers.list(
                        call,
                        call.api()
                                .deleteCollection(
                                        path.resource(), path.namespace(), Options.list(call.query()), options));
            }
            default -> throw Statuses.methodNotAllowed();
        }
    }

    private void one(Call call, ResourcePath path) throws IOException, InterruptedException {
        switch (call.method()) {
            case "GET" -> {
                if (path.watch() || call.query().flag("watch")) {
                    demand(path.resource(), "watch");
                    watches.answer(call, path.resource(), path.namespace(), path.name());
                } else {
                    demand(path.resource(), "get");
                    answers.object(call, path.resource(), call.api().get(path.target()));
                }
            }
            case "PUT" -> {
                demand(path.resource(), "update");
                update(call, path);
            }
            case "PATCH" -> {
                demand(path.resource(), "patch");
                patch(call, path);
            }
            case "DELETE" -> {
                demand(path.resource(), "delete");
                DeleteOptions options = deleteOptions(call, path.resource());
                answers.object(call, path.resource(), call.api().delete(path.target(), options));
            }
            default -> throw Statuses.methodNotAllowed();
        }
    }

    private void subresource(Call call, ResourcePath path) throws IOException, InterruptedException {
        StreamingCall stream = streaming.get(path.resource().qualifiedPlural() + "/" + path.subresource());
        if (stream != null) {
            stream.handle(call, path);
            return;
        }
        String verb = switch (call.method()) {
            case "GET" -> "get";
            case "POST" -> "create";
            case "PUT" -> "update";
            case "PATCH" -> "patch";
            case "DELETE" -> "delete";
            default -> throw Statuses.methodNotAllowed();
        };
        Subresource subresource = path.resource().subresources().stream()
                .filter(s -> s.name().equals(path.subresource()))
                .findAny()
                .orElseThrow(Statuses::noSuchPath);
        if (!subresource.verbs().contains(verb)) {
            throw Statuses.methodNotAllowed();
        }
        switch (verb) {
            case "get" ->
                answers.object(call, view(path, subresource), call.api().get(path.target()));
            case "create" -> {
                WriteOptions options = options(call, "CreateOptions");
                ObjectNode body = object(call, path, options);
                ObjectNode made = call.api().create(path.target(), body, options);
                call.response().status(201);
                answers.object(call, view(path, subresource), made);
            }
            case "update" -> update(call, path);
            case "patch" -> patch(call, path);
            default -> throw Statuses.methodNotAllowed();
        }
    }

    /** The kind that a subresource shows, for its table: a Scale has its own columns. */
    private Resource view(ResourcePath path, Subresource subresource) {
        Resource parent = path.resource();
        if (subresource.kind().equals(parent.kind())) {
            return parent;
        }
        return new Resource(
                subresource.group(),
                subresource.version(),
                subresource.kind(),
                parent.plural() + "/" + subresource.name(),
                "",
                List.of(),
                parent.namespaced(),
                subresource.verbs(),
                List.of(),
                List.of());
    }

    private static void demand(Resource resource, String verb) {
        if (!resource.verbs().contains(verb)) {
            throw Statuses.methodNotAllowed();
        }
    }

    private void update(Call call, ResourcePath path) throws IOException {
        WriteOptions options = options(call, "UpdateOptions");
        ObjectNode body = object(call, path, options);
        answers.object(call, path.resource(), call.api().update(path.target(), body, options));
    }

    private void patch(Call call, ResourcePath path) throws IOException {
        String type = mediaType(call);
        Options.checkPatch(call.request().query(), type.equals("application/apply-patch+yaml"));
        WriteOptions options = options(call, "PatchOptions");
        byte[] bytes = call.request().body(LARGEST_BODY);
        Patch patch = switch (type) {
            case "application/json-patch+json" -> new Patch.Json(operations(bytes));
            case "application/merge-patch+json" -> new Patch.Merge(decode(Format.JSON, bytes, path, options));
            case "application/strategic-merge-patch+json" ->
                new Patch.Strategic(decode(Format.JSON, bytes, path, options));
            case "application/apply-patch+yaml" -> new Patch.Apply(decode(Format.YAML, bytes, path, options));
            default -> throw StatusException.of(Reason.UNSUPPORTED_MEDIA_TYPE, PATCH_TYPES);
        };
        answers.object(call, path.resource(), call.api().patch(path.target(), patch, options));
    }

    private static JsonNode operations(byte[] bytes) {
        try {
            return Json.MAPPER.readTree(bytes);
        } catch (JacksonException e) {
            throw StatusException.badRequest("error decoding patch: " + e.getOriginalMessage());
        }
    }

    private static DeleteOptions deleteOptions(Call call, Resource resource) throws IOException {
        DeleteOptions options = deleteOptions(call);
        Deprecations.onDeletion(resource, options).ifPresent(new Warnings(call.response()));
        return options;
    }

    private static DeleteOptions deleteOptions(Call call) throws IOException {
        byte[] bytes = call.request().body(LARGEST_BODY);
        if (bytes.length == 0) {
            return Options.delete(call.query());
        }
        Format format = Format.of(call.request().header("content-type"));
        return Options.delete(format.decode(bytes, "DeleteOptions").object());
    }

    private ObjectNode object(Call call, ResourcePath path, WriteOptions options) throws IOException {
        byte[] bytes = call.request().body(LARGEST_BODY);
        Format format = Format.of(call.request().header("content-type"));
        return decode(format, bytes, path, options);
    }

    /**
     * Reads a body; fields that stand twice are refused or warned of, as the client wants it. Who refuses says in the
     * same breath which fields nobody knows.
     */
    private ObjectNode decode(Format format, byte[] bytes, ResourcePath path, WriteOptions options) {
        Decoded decoded = format.decode(bytes, path.resource().kind());
        if (!decoded.duplicates().isEmpty() && options.validation() == FieldValidation.STRICT) {
            List<String> problems = new ArrayList<>();
            if (path.subresource().isEmpty()) {
                problems.addAll(backend.unknownFields(path.resource(), decoded.object()));
            }
            problems.addAll(decoded.duplicates());
            String kind = decoded.object().path("kind").asString(path.resource().kind());
            String apiVersion = decoded.object().path("apiVersion").asString("");
            throw FieldCheck.cannotBeHandled(apiVersion, kind, kind, FieldCheck.strict(problems));
        }
        if (options.validation() == FieldValidation.WARN) {
            decoded.duplicates().forEach(options.warnings());
        }
        return decoded.object();
    }

    private static String mediaType(Call call) {
        String type = call.request().header("content-type");
        int semicolon = type.indexOf(';');
        return (semicolon < 0 ? type : type.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
    }

    private static WriteOptions options(Call call, String kind) {
        return Options.write(
                call.request(),
                kind,
                new Warnings(call.response()),
                () -> call.response().status(201));
    }
}
