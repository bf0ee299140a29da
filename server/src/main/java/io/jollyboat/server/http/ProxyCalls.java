package io.jollyboat.server.http;

import io.jollyboat.api.GoText;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.Streams;
import io.jollyboat.api.Target;
import io.jollyboat.server.User;
import io.jollyboat.server.http.ResourceCalls.StreamingCall;
import io.jollyboat.server.http.proxy.Address;
import io.jollyboat.server.http.proxy.Proxy;
import io.jollyboat.server.http.streaming.Logs;
import io.jollyboat.world.World;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** The subresource {@code proxy} of Pods, Services and nodes. */
final class ProxyCalls {
    private static final Resource POD = Resources.kind("v1", "Pod");
    private static final int LOG_PARTS = 5;

    private final Backend backend;
    private final Proxy proxy;
    private final Streams streams;

    ProxyCalls(World world, Backend backend, Streams streams) {
        this.backend = backend;
        this.streams = streams;
        this.proxy = new Proxy(world, backend.as(User.component("system:apiserver")), streams);
    }

    Map<String, StreamingCall> routes() {
        return Map.of("pods/proxy", this::pod, "services/proxy", this::service, "nodes/proxy", this::node);
    }

    private void pod(Call call, ResourcePath path) throws IOException {
        proxy.pod(call.request(), call.response(), path.namespace(), path.name(), behind(call, path));
    }

    private void service(Call call, ResourcePath path) throws IOException {
        proxy.service(call.request(), call.response(), path.namespace(), path.name(), behind(call, path));
    }

    /** Our agents have no HTTP of their own: they hand the pages over, whatever port is named. */
    private void node(Call call, ResourcePath path) throws IOException {
        String node = Address.parse("node", path.name()).name();
        backend.as(User.component("system:apiserver"))
                .get(Target.of(path.target().resource(), "", node));
        String page = behind(call, path);
        boolean reads = call.method().equals("GET") || call.method().equals("HEAD");
        if (page.isEmpty() && reads) {
            Proxy.toFolder(call.request(), call.response());
            return;
        }
        String[] parts = page.split("/", -1);
        if (reads && parts.length == LOG_PARTS && parts[1].equals("containerLogs")) {
            containerLog(call, node, parts[2], parts[3], parts[4]);
            return;
        }
        Optional<Streams.Page> found = reads ? streams.page(node, page) : Optional.empty();
        if (found.isEmpty()) {
            notFound(call, "404 page not found\n");
            return;
        }
        call.response().header("content-type", found.get().type());
        call.response().send(found.get().content());
    }

    /** A container's log in the kubelet's own way, of the Pods of that node alone. */
    private void containerLog(Call call, String node, String namespace, String name, String container)
            throws IOException {
        Target pod = Target.of(POD, namespace, name);
        if (!nodeOf(pod).equals(node)) {
            notFound(call, "pod " + GoText.quoted(name) + " does not exist\n");
            return;
        }
        Streams.LogOptions options = StreamCalls.logOptions(call.query(), container);
        Logs.plain(call.request(), call.response(), streams.logs(pod, options));
    }

    private String nodeOf(Target pod) {
        try {
            return backend.as(User.component("system:apiserver"))
                    .get(pod)
                    .path("spec")
                    .path("nodeName")
                    .asString("");
        } catch (StatusException e) {
            return "";
        }
    }

    private static void notFound(Call call, String text) throws IOException {
        call.response().status(404).header("content-type", "text/plain; charset=utf-8");
        call.response().send(text.getBytes(StandardCharsets.UTF_8));
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
