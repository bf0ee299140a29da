package io.jollyboat.cluster;

import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.Streams;
import io.jollyboat.api.Target;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ByteChannel;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The Pods' streams of a node that may not be up yet: until then they are refused, and clients try again. */
record LateStreams(Supplier<Optional<Streams>> node) implements Streams {
    private Streams streams() {
        return node.get()
                .orElseThrow(() -> StatusException.of(
                        Reason.SERVICE_UNAVAILABLE, "the node is not up yet: try again in a moment"));
    }

    @Override
    public InputStream logs(Target pod, LogOptions options) {
        return streams().logs(pod, options);
    }

    @Override
    public Session exec(Target pod, String container, List<String> command, Wanted wanted) {
        return streams().exec(pod, container, command, wanted);
    }

    @Override
    public Session attach(Target pod, String container, Wanted wanted) {
        return streams().attach(pod, container, wanted);
    }

    @Override
    public ByteChannel dial(Target pod, int port) throws IOException {
        return streams().dial(pod, port);
    }
}
