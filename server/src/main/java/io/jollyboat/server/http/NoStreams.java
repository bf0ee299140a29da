package io.jollyboat.server.http;

import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.Streams;
import io.jollyboat.api.Target;
import java.io.InputStream;
import java.nio.channels.ByteChannel;
import java.util.List;
import java.util.Optional;

/** Stands in where no node is: nothing streams. */
final class NoStreams implements Streams {
    private static StatusException none() {
        return StatusException.of(Reason.SERVICE_UNAVAILABLE, "no node is connected");
    }

    @Override
    public InputStream logs(Target pod, LogOptions options) {
        throw none();
    }

    @Override
    public Session exec(Target pod, String container, List<String> command, Wanted wanted) {
        throw none();
    }

    @Override
    public Session attach(Target pod, String container, Wanted wanted) {
        throw none();
    }

    @Override
    public ByteChannel dial(Target pod, int port) {
        throw none();
    }

    @Override
    public Optional<Page> page(String node, String path) {
        throw none();
    }
}
