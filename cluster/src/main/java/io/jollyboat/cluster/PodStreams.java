package io.jollyboat.cluster;

import io.jollyboat.api.Api;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.Streams;
import io.jollyboat.api.Target;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ByteChannel;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The Pods' streams of a whole cluster: each verb goes to the node that the Pod is bound to. A node may not be up yet,
 * or not any more: then it is refused, and clients try again.
 *
 * @param places the name of the node that a Pod is bound to, "" for none; fails where there is no such Pod
 * @param nodes the streams of a node by its name, empty while it is not up
 */
record PodStreams(Function<Target, String> places, Function<String, Optional<Streams>> nodes) implements Streams {
    /** A Pod that no node has yet has said nothing. */
    @Override
    public InputStream logs(Target pod, LogOptions options) {
        String node = places.apply(pod);
        return node.isEmpty() ? InputStream.nullInputStream() : streams(node).logs(pod, options);
    }

    @Override
    public Session exec(Target pod, String container, List<String> command, Wanted wanted) {
        return bound(pod).exec(pod, container, command, wanted);
    }

    @Override
    public Session attach(Target pod, String container, Wanted wanted) {
        return bound(pod).attach(pod, container, wanted);
    }

    @Override
    public ByteChannel dial(Target pod, int port) throws IOException {
        return bound(pod).dial(pod, port);
    }

    @Override
    public Optional<Page> page(String node, String path) {
        return streams(node).page(node, path);
    }

    private Streams bound(Target pod) {
        String node = places.apply(pod);
        if (node.isEmpty()) {
            throw StatusException.badRequest("pod %s does not have a host assigned".formatted(pod.name()));
        }
        return streams(node);
    }

    /** As the API says. */
    static Function<Target, String> places(Api api) {
        return pod -> api.get(pod).path("spec").path("nodeName").stringValue("");
    }

    private Streams streams(String node) {
        return nodes.apply(node)
                .orElseThrow(() -> StatusException.of(
                        Reason.SERVICE_UNAVAILABLE, "node %s is not up: try again in a moment".formatted(node)));
    }
}
