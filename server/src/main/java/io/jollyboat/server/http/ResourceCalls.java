package io.jollyboat.server.http;

import io.jollyboat.api.Api;
import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resource.Subresource;
import io.jollyboat.api.StatusException.Cause;
import io.jollyboat.api.WriteOptions;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Turns requests under {@code /api} and {@code /apis} into verbs of the {@link Api}. */
final class ResourceCalls {
    private final Backend backend;
    private final Answers answers;
    private final Bodies bodies;
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
        this.bodies = new Bodies(backend.schema());
        this.watches = watches;
        this.streaming = Map.copyOf(streaming);
    }

    void handle(Call call) throws IOException, InterruptedException {
        Optional<ResourcePath> found =
                ResourcePath.parse(backend.resources(), call.request().segments());
        Asking asking = Asking.of(call.request(), found);
        Asking.atTheDoor(call.response(), () -> asking.demand(backend, call.user()));
        if (found.isEmpty()) {
            unknown(call);
            return;
        }
        ResourcePath path = found.get();
        Deprecations.warning(path.resource()).ifPresent(new Warnings(call.response()));
        if (!path.subresource().isEmpty()) {
            subresource(call, path);
        } else if (path.name().isEmpty()) {
            collection(call, path);
        } else {
            one(call, path);
        }
    }

    /** In a group that nobody serves no path is known at all. */
    private void unknown(Call call) throws IOException {
        List<String> segments = call.request().segments();
        String group = segments.getFirst().equals("apis") ? segments.get(1) : "";
        if (backend.resources().all().stream().anyMatch(one -> one.group().equals(group))) {
            throw Statuses.noSuchPath();
        }
        answers.nobodys(call.response());
    }

    private void collection(Call call, ResourcePath path) throws IOException, InterruptedException {
        boolean watch = path.watch() || call.query().flag("watch");
        demandReading(call, path);
        switch (call.method()) {
            case "GET" -> {
                if (watch) {
                    watches.answer(call, path.resource(), path.namespace(), "");
                } else {
                    answers.list(call, call.api().list(path.resource(), path.namespace(), Options.list(call.query())));
                }
            }
            case "POST" -> {
                admit(call, path);
                demandNamespace(path);
                WriteOptions options = options(call, "CreateOptions");
                ObjectNode body = bodies.object(call, path.resource(), options);
                ObjectNode made = call.api().create(path.resource(), path.namespace(), body, options);
                call.response().status(201);
                answers.object(call, path.resource(), made);
            }
            case "DELETE" -> {
                admit(call, path);
                demandNamespace(path);
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
        demandReading(call, path);
        switch (call.method()) {
            case "GET" -> {
                if (path.watch()) {
                    watches.answer(call, path.resource(), path.namespace(), path.name());
                } else {
                    answers.object(call, path.resource(), call.api().get(path.target()));
                }
            }
            case "PUT" -> update(call, path, path.resource());
            case "PATCH" -> patch(call, path);
            case "DELETE" -> {
                admit(call, path);
                answers.object(
                        call, path.resource(), call.api().delete(path.target(), deleteOptions(call, path.resource())));
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
        Subresource subresource = path.resource().subresources().stream()
                .filter(s -> s.name().equals(path.subresource()))
                .findAny()
                .orElseThrow(Statuses::noSuchPath);
        switch (call.method()) {
            case "GET" ->
                answers.object(call, view(path, subresource), call.api().get(path.target()));
            case "POST" -> {
                admit(call, path);
                WriteOptions options = options(call, "CreateOptions");
                ObjectNode body = bodies.object(call, view(path, subresource), options);
                ObjectNode made = call.api().create(path.target(), body, options);
                call.response().status(201);
                answers.object(call, view(path, subresource), made);
            }
            case "PUT" -> update(call, path, view(path, subresource));
            case "PATCH" -> patch(call, path);
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

    /** Under {@code /watch/} nothing is written. */
    private static void demandReading(Call call, ResourcePath path) {
        if (path.watch() && !call.method().equals("GET")) {
            throw Statuses.methodNotAllowed();
        }
    }

    /** Objects of all namespaces can be read at once, and nothing else. */
    private static void demandNamespace(ResourcePath path) {
        if (path.resource().namespaced() && path.namespace().isEmpty()) {
            throw Statuses.methodNotAllowed();
        }
    }

    /** Who cannot be answered is told so before his body is looked at. */
    private static void admit(Call call, ResourcePath path) {
        call.accepts().form(path.resource().verbs().contains("get"));
    }

    private void update(Call call, ResourcePath path, Resource kind) throws IOException {
        admit(call, path);
        WriteOptions options = options(call, "UpdateOptions");
        ObjectNode body = bodies.object(call, kind, options);
        answers.object(call, path.resource(), call.api().update(path.target(), body, options));
    }

    private void patch(Call call, ResourcePath path) throws IOException {
        admit(call, path);
        List<Cause> wrong = Options.wrongPatch(call.request().query(), Bodies.applies(call));
        WriteOptions options = options(call, "PatchOptions", wrong);
        Bodies.Sent sent = Bodies.patch(call, options.validation());
        answers.object(
                call, path.resource(), call.api().patch(path.target(), sent.patch(), options.with(sent.problems())));
    }

    private DeleteOptions deleteOptions(Call call, Resource resource) throws IOException {
        DeleteOptions options = bodies.deleteOptions(call);
        Deprecations.onDeletion(resource, options).ifPresent(new Warnings(call.response()));
        return options;
    }

    private static WriteOptions options(Call call, String kind) {
        return options(call, kind, List.of());
    }

    private static WriteOptions options(Call call, String kind, List<Cause> wrong) {
        return Options.write(
                call.request(),
                kind,
                new Warnings(call.response()),
                () -> call.response().status(201),
                wrong);
    }
}
