package io.jollyboat.client;

import io.jollyboat.api.Api;
import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.ListOptions;
import io.jollyboat.api.ObjectList;
import io.jollyboat.api.Patch;
import io.jollyboat.api.Resource;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.Target;
import io.jollyboat.api.Watch;
import io.jollyboat.api.WatchOptions;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.world.World;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The verbs over HTTP, as any Kubernetes client sends them. A lost connection is a {@link StatusException} with reason
 * ServiceUnavailable; callers try again as they would after the server's own word.
 */
public final class HttpApi implements Api {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(65);
    private static final String MERGE = "application/merge-patch+json";
    private static final String JSON_PATCH = "application/json-patch+json";
    private static final String STRATEGIC = "application/strategic-merge-patch+json";
    private static final String APPLY = "application/apply-patch+yaml";
    /** For verbs whose caller hears no warnings. */
    private static final Consumer<String> UNHEARD = warning -> {};

    private final Connection connection;
    private final World world;
    /**
     * HTTP/1.1: a watch has a connection to itself, and a write takes a third of the time that it does over the JDK's
     * HTTP/2, which passes a body through more hands.
     */
    private final HttpClient client;

    public HttpApi(Connection connection, World world) {
        this.connection = connection;
        this.world = world;
        this.client = HttpClient.newBuilder()
                .sslContext(connection.tls())
                .connectTimeout(CONNECT_LIMIT)
                .version(HttpClient.Version.HTTP_1_1)
                .build();
    }

    @Override
    public ObjectNode get(Target target) {
        return send("GET", path(target), BodyPublishers.noBody(), "", new Query(), UNHEARD);
    }

    @Override
    public ObjectList list(Resource resource, String namespace, ListOptions options) {
        return list(
                resource, send("GET", path(resource, namespace), BodyPublishers.noBody(), "", query(options), UNHEARD));
    }

    @Override
    public Watch watch(Resource resource, String namespace, WatchOptions options) {
        Query query = new Query()
                .with("watch", "true")
                .with("labelSelector", options.labelSelector())
                .with("fieldSelector", options.fieldSelector())
                .with("resourceVersion", options.resourceVersion())
                .with("allowWatchBookmarks", options.bookmarks() ? "true" : "");
        if (options.sendInitialEvents()) {
            query.with("sendInitialEvents", "true").with("resourceVersionMatch", "NotOlderThan");
        }
        HttpRequest request = request(path(resource, namespace), query).GET().build();
        HttpResponse<InputStream> response = exchange(request, BodyHandlers.ofInputStream());
        if (response.statusCode() != 200) {
            try (InputStream body = response.body()) {
                throw Statuses.failure(response.statusCode(), body.readAllBytes());
            } catch (IOException e) {
                throw lost(e);
            }
        }
        return new HttpWatch(response.body(), world);
    }

    @Override
    public ObjectNode create(Resource resource, String namespace, ObjectNode object, WriteOptions options) {
        return send(
                "POST",
                path(resource, namespace),
                body(object),
                "application/json",
                query(options),
                options.warnings());
    }

    @Override
    public ObjectNode create(Target target, ObjectNode body, WriteOptions options) {
        return send("POST", path(target), body(body), "application/json", query(options), options.warnings());
    }

    @Override
    public ObjectNode update(Target target, ObjectNode object, WriteOptions options) {
        return send("PUT", path(target), body(object), "application/json", query(options), options.warnings());
    }

    @Override
    public ObjectNode patch(Target target, Patch patch, WriteOptions options) {
        Consumer<String> warnings = options.warnings();
        Query query = query(options);
        return switch (patch) {
            case Patch.Json json -> send("PATCH", path(target), body(json.operations()), JSON_PATCH, query, warnings);
            case Patch.Merge merge -> send("PATCH", path(target), body(merge.patch()), MERGE, query, warnings);
            case Patch.Strategic strategic ->
                send("PATCH", path(target), body(strategic.patch()), STRATEGIC, query, warnings);
            case Patch.Apply apply ->
                send(
                        "PATCH",
                        path(target),
                        body(apply.intent()),
                        APPLY,
                        query.with("force", options.force() ? "true" : ""),
                        warnings);
        };
    }

    @Override
    public ObjectNode delete(Target target, DeleteOptions options) {
        return send("DELETE", path(target), body(deleteOptions(options)), "application/json", new Query(), UNHEARD);
    }

    @Override
    public ObjectList deleteCollection(Resource resource, String namespace, ListOptions which, DeleteOptions options) {
        ObjectNode body = deleteOptions(options);
        return list(
                resource,
                send("DELETE", path(resource, namespace), body(body), "application/json", query(which), UNHEARD));
    }

    /** True when the server answers that it is ready. */
    public boolean ready() {
        try {
            HttpRequest request = request("/readyz", new Query()).GET().build();
            return exchange(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (StatusException e) {
            return false;
        }
    }

    private static ObjectNode deleteOptions(DeleteOptions options) {
        ObjectNode body = JSON.createObjectNode().put("apiVersion", "v1").put("kind", "DeleteOptions");
        options.gracePeriodSeconds().ifPresent(grace -> body.put("gracePeriodSeconds", (long) grace));
        options.propagation().ifPresent(policy -> {
            String name = policy.name();
            body.put("propagationPolicy", name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT));
        });
        ObjectNode preconditions = JSON.createObjectNode();
        if (!options.uid().isEmpty()) {
            preconditions.put("uid", options.uid());
        }
        if (!options.resourceVersion().isEmpty()) {
            preconditions.put("resourceVersion", options.resourceVersion());
        }
        if (!preconditions.isEmpty()) {
            body.set("preconditions", preconditions);
        }
        if (options.dryRun()) {
            body.putArray("dryRun").add("All");
        }
        return body;
    }

    private static ObjectList list(Resource resource, ObjectNode answer) {
        List<ObjectNode> items = new ArrayList<>();
        for (JsonNode item : answer.path("items")) {
            items.add(withKind(resource, (ObjectNode) item));
        }
        JsonNode metadata = answer.path("metadata");
        OptionalLong remaining = metadata.has("remainingItemCount")
                ? OptionalLong.of(metadata.path("remainingItemCount").asLong())
                : OptionalLong.empty();
        return new ObjectList(
                resource,
                items,
                metadata.path("resourceVersion").asString(""),
                metadata.path("continue").asString(""),
                remaining);
    }

    /** Items of a list do not repeat their kind on the wire. */
    private static ObjectNode withKind(Resource resource, ObjectNode item) {
        if (item.has("kind")) {
            return item;
        }
        ObjectNode whole =
                item.objectNode().put("apiVersion", resource.apiVersion()).put("kind", resource.kind());
        item.properties().forEach(field -> whole.set(field.getKey(), field.getValue()));
        return whole;
    }

    private static Query query(ListOptions options) {
        return new Query()
                .with("labelSelector", options.labelSelector())
                .with("fieldSelector", options.fieldSelector())
                .with("resourceVersion", options.resourceVersion())
                .with("resourceVersionMatch", options.resourceVersionMatch())
                .with("limit", options.limit() == 0 ? "" : Long.toString(options.limit()))
                .with("continue", options.next());
    }

    private static Query query(WriteOptions options) {
        String validation = options.validation().name();
        return new Query()
                .with("fieldManager", options.fieldManager())
                .with(
                        "fieldValidation",
                        validation.charAt(0) + validation.substring(1).toLowerCase(Locale.ROOT))
                .with("dryRun", options.dryRun() ? "All" : "");
    }

    private static String path(Resource resource, String namespace) {
        String root = resource.group().isEmpty() ? "/api/" : "/apis/";
        String inside = resource.namespaced() && !namespace.isEmpty() ? "/namespaces/" + Query.encoded(namespace) : "";
        return root + resource.apiVersion() + inside + "/" + resource.plural();
    }

    private static String path(Target target) {
        String subresource = target.subresource().isEmpty() ? "" : "/" + target.subresource();
        return path(target.resource(), target.namespace()) + "/" + Query.encoded(target.name()) + subresource;
    }

    private static BodyPublisher body(JsonNode json) {
        return BodyPublishers.ofByteArray(JSON.writeValueAsBytes(json));
    }

    private HttpRequest.Builder request(String path, Query query) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(connection.server() + path + query))
                .header("Accept", "application/json")
                .header("User-Agent", "jollyboat");
        if (!connection.token().isEmpty()) {
            builder.header("Authorization", "Bearer " + connection.token());
        }
        return builder;
    }

    private ObjectNode send(
            String method,
            String path,
            BodyPublisher body,
            String contentType,
            Query query,
            Consumer<String> warnings) {
        HttpRequest.Builder builder = request(path, query).method(method, body).timeout(ANSWER_LIMIT);
        if (!contentType.isEmpty()) {
            builder.header("Content-Type", contentType);
        }
        HttpResponse<byte[]> response = exchange(builder.build(), BodyHandlers.ofByteArray());
        if (response.statusCode() >= 300) {
            throw Statuses.failure(response.statusCode(), response.body());
        }
        response.headers().allValues("warning").forEach(header -> warnings.accept(Statuses.warning(header)));
        try {
            return (ObjectNode) JSON.readTree(response.body());
        } catch (JacksonException | ClassCastException e) {
            throw StatusException.of(Reason.INTERNAL_ERROR, "the server at " + connection.server() + " sent no JSON");
        }
    }

    private <T> HttpResponse<T> exchange(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        try {
            return client.send(request, handler);
        } catch (IOException e) {
            throw lost(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw StatusException.of(Reason.SERVICE_UNAVAILABLE, "interrupted while waiting for the server");
        }
    }

    private StatusException lost(IOException e) {
        return StatusException.of(
                Reason.SERVICE_UNAVAILABLE, "the server at " + connection.server() + " cannot be reached: " + e);
    }
}
