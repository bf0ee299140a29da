package io.jollyboat.server.http;

import io.jollyboat.api.Api;
import io.jollyboat.api.Resource;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.Watch;
import io.jollyboat.api.WatchEvent;
import io.jollyboat.api.WatchEvent.Type;
import io.jollyboat.api.WatchOptions;
import io.jollyboat.api.codec.Protobuf;
import io.jollyboat.api.kinds.Tables.Include;
import io.jollyboat.api.schema.SchemaTable;
import io.jollyboat.server.http.streaming.Messages;
import io.jollyboat.server.http.streaming.Upgrade;
import io.jollyboat.world.World;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * Answers watches: one line of JSON for each event, sent at once. A client that reads too slowly is cut off by the wire
 * and comes back with its last version.
 */
final class WatchStream {
    private final World world;
    private final Forms forms;
    private final Duration atLeast;

    WatchStream(World world, Forms forms, Duration atLeast) {
        this.world = world;
        this.forms = forms;
        this.atLeast = atLeast;
    }

    void answer(Call call, Resource resource, String namespace, String name) throws IOException, InterruptedException {
        String accept = call.request().header("accept");
        Accept.Form form = Accept.form(accept, true);
        boolean protobuf = form == Accept.Form.PLAIN
                && Accept.onlyProtobuf(accept)
                && !Upgrade.wanted(call.request())
                && SchemaTable.builtIn()
                        .kind(resource.apiVersion(), resource.kind())
                        .isPresent();
        Lines lines = new Lines(resource, form, Forms.include(call.query()), protobuf);
        Duration length = Options.number(call.query(), "timeoutSeconds")
                .filter(seconds -> seconds > 0)
                .map(Duration::ofSeconds)
                .orElseGet(this::someTime);
        WatchOptions options = Options.watch(call.query(), name);
        try (Watch watch = open(call.api(), resource, namespace, options)) {
            call.turn().close();
            call.request().whenGone(watch::close);
            try (OutputStream stream = stream(call, watch, protobuf)) {
                relay(watch, length, lines, stream);
            }
        }
    }

    /** Lines of a body, or messages of a WebSocket for clients that prefer it (fabric8's does). */
    private OutputStream stream(Call call, Watch watch, boolean protobuf) throws IOException {
        if (Upgrade.wanted(call.request())) {
            Upgrade upgrade = Upgrade.agree(call.request(), call.response(), List.of(), List.of());
            return Messages.open(world, call.request(), call.response(), upgrade, watch::close);
        }
        String type = protobuf ? Protobuf.mediaType() + ";stream=watch" : "application/json";
        call.response().header("content-type", type);
        return call.response().stream();
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

    private void relay(Watch watch, Duration length, Lines lines, OutputStream stream)
            throws IOException, InterruptedException {
        long end = world.nanoTime() + length.toNanos();
        try {
            while (!watch.ended()) {
                long left = end - world.nanoTime();
                if (left <= 0) {
                    return;
                }
                Optional<WatchEvent> event = watch.next(Duration.ofNanos(left));
                if (event.isPresent()) {
                    lines.write(stream, event.get());
                    stream.flush();
                }
            }
        } catch (StatusException e) {
            lines.write(stream, "ERROR", Statuses.of(e));
        }
    }

    /** Writes events in the form that the client asked for. */
    private final class Lines {
        private final Resource resource;
        private final Accept.Form form;
        private final Include include;
        private final boolean protobuf;
        private boolean first = true;

        Lines(Resource resource, Accept.Form form, Include include, boolean protobuf) {
            this.resource = resource;
            this.form = form;
            this.include = include;
            this.protobuf = protobuf;
        }

        void write(OutputStream stream, WatchEvent event) throws IOException {
            write(stream, event.type().name(), seen(event));
        }

        private ObjectNode seen(WatchEvent event) {
            boolean bookmark = event.type() == Type.BOOKMARK;
            ObjectNode object = event.object();
            if (bookmark && !object.has("kind")) {
                object = object.deepCopy();
                object.put("kind", resource.kind()).put("apiVersion", resource.apiVersion());
            }
            return switch (form) {
                case PLAIN, DISCOVERY -> object;
                case METADATA -> Forms.metadataOnly(object);
                case TABLE -> bookmark ? forms.bookmark(resource, object) : row(object);
            };
        }

        private ObjectNode row(ObjectNode object) {
            ObjectNode table = forms.table(resource, object, include, first);
            first = false;
            return table;
        }

        private void write(OutputStream stream, String type, ObjectNode object) throws IOException {
            if (protobuf) {
                stream.write(Protobuf.event(type, Protobuf.encode(object).orElseThrow()));
                return;
            }
            stream.write(("{\"type\":\"" + type + "\",\"object\":").getBytes(StandardCharsets.US_ASCII));
            Json.writeTree(stream, object);
            stream.write('}');
            stream.write('\n');
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
