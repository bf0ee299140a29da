package io.jollyboat.server.http.streaming;

import io.jollyboat.api.StatusException;
import io.jollyboat.api.Streams.Session;
import io.jollyboat.api.Streams.Wanted;
import io.jollyboat.server.http.wire.Duplex;
import io.jollyboat.server.http.wire.Request;
import io.jollyboat.server.http.wire.Response;
import io.jollyboat.world.Task;
import io.jollyboat.world.World;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Connects a client with a process: one virtual thread for each direction, until the process ends or the client goes. */
public final class Commands {
    private static final Logger LOG = System.getLogger(Commands.class.getName());

    /** What is spoken over WebSocket, newest first. */
    public static final List<String> SOCKET_PROTOCOLS = List.of(
            "v5.channel.k8s.io",
            "v4.channel.k8s.io",
            "v4.base64.channel.k8s.io",
            "v3.channel.k8s.io",
            "v2.channel.k8s.io",
            "channel.k8s.io",
            "base64.channel.k8s.io");

    /** What is spoken over SPDY; a fifth version is for WebSocket alone. */
    public static final List<String> SPDY_PROTOCOLS =
            List.of("v4.channel.k8s.io", "v3.channel.k8s.io", "v2.channel.k8s.io", "channel.k8s.io");

    private static final int PART = 32 << 10;

    /** How long output may still come after the process has ended: a child of it may hold the stream open. */
    private static final Duration OUTPUT_AFTER_END = Duration.ofSeconds(5);

    private final World world;
    private final Function<StatusException, ObjectNode> statuses;

    /** @param statuses writes a failure as a {@code Status} */
    public Commands(World world, Function<StatusException, ObjectNode> statuses) {
        this.world = world;
        this.statuses = statuses;
    }

    /**
     * Changes the protocol and serves until the end.
     *
     * @param session the process; is closed at the end
     * @param exit whether the process's exit code is the outcome (of exec), else its end is (of attach)
     */
    public void serve(Request request, Response response, Upgrade upgrade, Wanted wanted, Session session, boolean exit)
            throws IOException, InterruptedException {
        try (session) {
            request.whenGone(session::close);
            Duplex connection = upgrade.accept(request, response);
            Client client =
                    upgrade.webSocket() ? socketClient(connection, upgrade) : spdyClient(connection, upgrade, wanted);
            relay(client, wanted, session, exit);
        }
    }

    private Client socketClient(Duplex connection, Upgrade upgrade) {
        SocketClient client = new SocketClient(new WebSocket(connection), upgrade);
        start("client's messages", client::run);
        return client;
    }

    private Client spdyClient(Duplex connection, Upgrade upgrade, Wanted wanted)
            throws IOException, InterruptedException {
        SpdyClient client = new SpdyClient(connection, upgrade, wanted);
        start("client's frames", client::run);
        client.awaitStreams();
        return client;
    }

    private void relay(Client client, Wanted wanted, Session session, boolean exit)
            throws IOException, InterruptedException {
        if (wanted.stdin()) {
            start("stdin", () -> {
                try (InputStream from = client.stdin();
                        OutputStream to = session.stdin()) {
                    copy(from, to);
                }
            });
        }
        if (wanted.tty()) {
            start("terminal sizes", () -> resize(client.sizes(), session));
        }
        List<Task> outputs = new ArrayList<>();
        if (wanted.stdout()) {
            outputs.add(start("stdout", () -> copy(session.stdout(), client.stdout())));
        }
        if (wanted.stderr() && !wanted.tty()) {
            outputs.add(start("stderr", () -> copy(session.stderr(), client.stderr())));
        }
        ObjectNode outcome = outcome(session, exit);
        for (Task output : outputs) {
            output.join(OUTPUT_AFTER_END);
        }
        client.finish(
                client.tellsStatus()
                        ? outcome.toString()
                        : outcome.path("message").asString(""));
    }

    private ObjectNode outcome(Session session, boolean exit) throws InterruptedException {
        try {
            int code = session.exitCode();
            return code == 0 || !exit ? success() : exited(code);
        } catch (StatusException e) {
            return statuses.apply(e);
        }
    }

    private static ObjectNode success() {
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        status.putObject("metadata");
        return status.put("status", "Success");
    }

    /** Clients take the exit code from the cause. */
    private static ObjectNode exited(int code) {
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        status.putObject("metadata");
        status.put("status", "Failure")
                .put("message", "command terminated with non-zero exit code: exit status " + code)
                .put("reason", "NonZeroExitCode");
        status.putObject("details")
                .putArray("causes")
                .addObject()
                .put("reason", "ExitCode")
                .put("message", String.valueOf(code));
        return status;
    }

    private static void resize(InputStream sizes, Session session) throws IOException {
        try (MappingIterator<JsonNode> each =
                JsonMapper.shared().readerFor(JsonNode.class).readValues(sizes)) {
            while (each.hasNextValue()) {
                JsonNode size = each.nextValue();
                session.resize(size.path("Width").asInt(0), size.path("Height").asInt(0));
            }
        } catch (JacksonException e) {
            throw new IOException("a terminal's size must be a JSON object: " + e.getOriginalMessage(), e);
        }
    }

    static void copy(InputStream from, OutputStream to) throws IOException {
        byte[] part = new byte[PART];
        for (int count; (count = from.read(part)) >= 0; ) {
            to.write(part, 0, count);
            to.flush();
        }
    }

    /** Work that ends when one of its ends has gone. */
    @FunctionalInterface
    interface Work {
        void run() throws IOException;
    }

    private Task start(String name, Work work) {
        return start(world, name, work);
    }

    static Task start(World world, String name, Work work) {
        return world.start(name, () -> {
            try {
                work.run();
            } catch (IOException e) {
                LOG.log(Level.DEBUG, () -> name + " ended: " + e.getMessage());
            }
        });
    }
}
