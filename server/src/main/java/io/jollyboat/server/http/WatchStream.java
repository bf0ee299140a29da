package io.jollyboat.server.http;

import io.jollyboat.api.Api;
import io.jollyboat.api.Resource;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.Watch;
import io.jollyboat.api.WatchEvent;
import io.jollyboat.api.WatchOptions;
import io.jollyboat.api.codec.Protobuf;
import io.jollyboat.api.schema.SchemaTable;
import io.jollyboat.server.http.streaming.Messages;
import io.jollyboat.server.http.streaming.Upgrade;
import io.jollyboat.server.http.wire.Response;
import io.jollyboat.world.World;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.ObjIntConsumer;

/**
 * Answers watches: one line of JSON for each event, sent at once, encoded once for all. A client that reads too slowly is cut off by the wire
 * and comes back with its last version.
 */
final class WatchStream {
    private static final Duration LONGEST = Duration.ofDays(365); // whatever is asked for

    private final World world;
    private final Forms forms;
    private final PreparedEvents prepared = new PreparedEvents();
    private final Duration atLeast;
    private final ObjIntConsumer<Resource> sent;

    /** @param sent is told the kind and the size of each event */
    WatchStream(World world, Forms forms, Duration atLeast, ObjIntConsumer<Resource> sent) {
        this.world = world;
        this.forms = forms;
        this.atLeast = atLeast;
        this.sent = sent;
    }

    void answer(Call call, Resource resource, String namespace, String name) throws IOException, InterruptedException {
        Accept.Form form = call.accepts().streamForm();
        boolean protobuf = form == Accept.Form.PLAIN
                && call.accepts().onlyProtobuf()
                && !Upgrade.wanted(call.request())
                && SchemaTable.builtIn()
                        .kind(resource.apiVersion(), resource.kind())
                        .isPresent();
        EventWriter events =
                new EventWriter(world, forms, prepared, resource, form, Forms.include(call.query()), protobuf);
        Duration length = Options.number(call.query(), "timeoutSeconds")
                .filter(seconds -> seconds > 0)
                .map(seconds -> Duration.ofSeconds(Math.min(seconds, LONGEST.toSeconds())))
                .orElseGet(this::someTime);
        WatchOptions options = Options.watch(call.query(), name);
        try (Watch watch = open(call.api(), resource, namespace, options)) {
            call.turn().close();
            call.request().whenGone(watch::close);
            try (Target target = new Counting(target(call, watch, protobuf), resource, sent)) {
                relay(watch, length, events, target);
            }
        }
    }

    /** Lines of a body, or messages of a WebSocket for clients that prefer it (fabric8's does). */
    private Target target(Call call, Watch watch, boolean protobuf) throws IOException {
        if (Upgrade.wanted(call.request())) {
            Upgrade upgrade = Upgrade.agree(call.request(), call.response(), List.of(), List.of());
            return new Socket(Messages.open(world, call.request(), call.response(), upgrade, watch::close));
        }
        String type = protobuf ? Protobuf.mediaType() + ";stream=watch" : "application/json";
        call.response().header("content-type", type);
        return new Body(call.response().stream());
    }

    private Duration someTime() {
        return atLeast.plusSeconds(world.random().nextLong(Math.max(1, atLeast.toSeconds())));
    }

    /** A position that is too old is told inside the stream, any other failure before it. */
    private static Watch open(Api api, Resource resource, String namespace, WatchOptions options) {
        try {
            return api.watch(resource, namespace, options);
        } catch (StatusException e) {
            if (tooOld(e)) {
                return new Refused(e);
            }
            throw e;
        }
    }

    private static boolean tooOld(StatusException e) {
        return e.is(Reason.EXPIRED) || e.is(Reason.GONE);
    }

    private void relay(Watch watch, Duration length, EventWriter events, Target target)
            throws IOException, InterruptedException {
        long end = world.nanoTime() + length.toNanos();
        try {
            while (!watch.ended()) {
                long left = end - world.nanoTime();
                if (left <= 0) {
                    return;
                }
                Optional<WatchEvent> event = watch.next(Duration.ofNanos(left));
                while (event.isPresent()) {
                    target.send(events.bytes(event.get()));
                    event = world.nanoTime() < end ? watch.next(Duration.ZERO) : Optional.empty();
                }
                target.flush();
            }
        } catch (StatusException e) {
            target.send(events.error(Statuses.of(e)));
        }
    }

    /** Where events go. */
    private interface Target extends AutoCloseable {
        void send(byte[] event) throws IOException;

        void flush() throws IOException;

        @Override
        void close() throws IOException;
    }

    /** Parts of a body: events that come together leave together, as the bytes that all watchers share. */
    private record Body(Response.Parts parts) implements Target {
        @Override
        public void send(byte[] event) throws IOException {
            parts.writeShared(event);
        }

        @Override
        public void flush() throws IOException {
            parts.flush();
        }

        @Override
        public void close() throws IOException {
            parts.close();
        }
    }

    /** Tells of each event on its way. */
    private record Counting(Target to, Resource resource, ObjIntConsumer<Resource> sent) implements Target {
        @Override
        public void send(byte[] event) throws IOException {
            sent.accept(resource, event.length);
            to.send(event);
        }

        @Override
        public void flush() throws IOException {
            to.flush();
        }

        @Override
        public void close() throws IOException {
            to.close();
        }
    }

    /** Messages of a WebSocket, each with one event. */
    private record Socket(OutputStream messages) implements Target {
        @Override
        public void send(byte[] event) throws IOException {
            messages.write(event);
            messages.flush();
        }

        @Override
        public void flush() {}

        @Override
        public void close() throws IOException {
            messages.close();
        }
    }

    /** A watch that only says why there is none. */
    private record Refused(StatusException why) implements Watch {
        @Override
        public Optional<WatchEvent> next(Duration limit) {
            throw why;
        }

        @Override
        public boolean ended() {
            return false;
        }

        @Override
        public void close() {}
    }
}
