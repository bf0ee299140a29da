package io.jollyboat.server.http;

import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.Streams;
import io.jollyboat.server.User;
import io.jollyboat.server.http.ResourceCalls.StreamingCall;
import io.jollyboat.server.http.proxy.Proxy;
import io.jollyboat.world.World;
import java.io.IOException;
import java.util.Map;

/** The subresource {@code proxy} of Pods, Services and nodes. */
final class ProxyCalls {
    private final Backend backend;
    private final Proxy proxy;

    ProxyCalls(World world, Backend backend, Streams streams) {
        this.backend = backend;
        this.proxy = new Proxy(world, backend.as(User.component("system:apiserver")), streams);
    }

    Map<String, StreamingCall> routes() {
        return Map.of("pods/proxy", this::pod, "services/proxy", this::service, "nodes/proxy", this::node);
    }

    private void pod(Call call, ResourcePath path) throws IOException {
        authorize(call, path);
        proxy.pod(call.request(), call.response(), path.namespace(), path.name(), behind(call, path));
    }

    private void service(Call call, ResourcePath path) throws IOException {
        authorize(call, path);
        proxy.service(call.request(), call.response(), path.namespace(), path.name(), behind(call, path));
    }

    /** Our agents have no HTTP of their own; what a kubelet shows there the API has elsewhere. */
    private void node(Call call, ResourcePath path) {
        authorize(call, path);
        throw StatusException.of(
                Reason.SERVICE_UNAVAILABLE,
                "error trying to reach service: node %s offers no HTTP".formatted(path.name()));
    }

    private void authorize(Call call, ResourcePath path) {
        String verb = switch (call.method()) {
            case "GET", "HEAD", "OPTIONS" -> "get";
            case "POST" -> "create";
            case "PUT" -> "update";
            case "PATCH" -> "patch";
            case "DELETE" -> "delete";
            default -> throw Statuses.methodNotAllowed();
        };
        backend.authorize(call.user(), verb, path.target());
    }

    /** What stands behind {@code /proxy} in the path, as it was sent. */
    private static String behind(Call call, ResourcePath path) {
        String raw = call.request().path();
        int parts = call.request().segments().size() - path.rest().size();
        int at = 0;
        for (int i = 0; i < parts; i++) {
            while (raw.charAt(at) == '/') {
                at++;
            }
            int slash = raw.indexOf('/', at);
            at = slash < 0 ? raw.length() : slash;
        }
        return raw.substring(at);
    }
}
