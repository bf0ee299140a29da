package io.jollyboat.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.testing.FreePort;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exec, port-forward and logs over WebSocket channels, as clients other than kubectl use them. */
class StreamsTest {
    private static final String POD = "/api/v1/namespaces/default/pods/p";
    private static final int SECONDS = 60;

    @TempDir
    Path machine;

    private FaceFixture face;
    private LocalStreams streams;

    @BeforeEach
    void start() throws Exception {
        streams = new LocalStreams(machine);
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        face = new FaceFixture(HttpSettings.onPort(0), Optional.empty(), client, streams);
        face.makePod("p");
    }

    @AfterEach
    void stop() {
        streams.processes.forEach(Process::destroyForcibly);
        face.close();
    }

    /** Keeps what comes, by channel; {@code base64} messages are decoded. */
    private static final class Channels implements WebSocket.Listener {
        final Map<Integer, ByteArrayOutputStream> received = new ConcurrentHashMap<>();
        final CompletableFuture<Integer> closed = new CompletableFuture<>();
        private final ByteArrayOutputStream part = new ByteArrayOutputStream();
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer message, boolean last) {
            byte[] bytes = new byte[message.remaining()];
            message.get(bytes);
            part.writeBytes(bytes);
            if (last) {
                take(part.toByteArray());
                part.reset();
            }
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence message, boolean last) {
            text.append(message);
            if (last) {
                byte[] rest = Base64.getDecoder().decode(text.substring(1));
                byte[] whole = new byte[rest.length + 1];
                whole[0] = (byte) (text.charAt(0) - '0');
                System.arraycopy(rest, 0, whole, 1, rest.length);
                take(whole);
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }

        private synchronized void take(byte[] message) {
            received.computeIfAbsent((int) message[0], c -> new ByteArrayOutputStream())
                    .write(message, 1, message.length - 1);
            notifyAll();
        }

        /** Waits until a channel has brought so many bytes. */
        synchronized byte[] await(int channel, int count) throws InterruptedException {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
            while (bytes(channel).length < count) {
                assertThat(System.nanoTime()).isLessThan(end);
                wait(100);
            }
            return bytes(channel);
        }

        byte[] bytes(int channel) {
            ByteArrayOutputStream bytes = received.get(channel);
            return bytes == null ? new byte[0] : bytes.toByteArray();
        }

        String text(int channel) {
            return new String(bytes(channel), StandardCharsets.UTF_8);
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            closed.complete(code);
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            closed.completeExceptionally(error);
        }
    }

    private WebSocket open(String path, String protocol, Channels channels) throws Exception {
        var uri = java.net.URI.create(face.uri(path).toString().replace("http:", "ws:"));
        WebSocket socket = face.client()
                .newWebSocketBuilder()
                .header("Authorization", FaceFixture.TOKEN)
                .subprotocols(protocol)
                .buildAsync(uri, channels)
                .get(SECONDS, TimeUnit.SECONDS);
        assertThat(socket.getSubprotocol()).isEqualTo(protocol);
        return socket;
    }

    private static void send(WebSocket socket, int... bytes) throws Exception {
        byte[] message = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            message[i] = (byte) bytes[i];
        }
        socket.sendBinary(ByteBuffer.wrap(message), true).get(SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void theFifthVersionCanEndTheInput() throws Exception {
        Channels channels = new Channels();
        WebSocket socket =
                open(POD + "/exec?command=cat&stdin=true&stdout=true&container=c", "v5.channel.k8s.io", channels);
        send(socket, 0, 'h', 'i');
        send(socket);
        send(socket, 9, 'x');
        send(socket, 255, 0);
        assertThat(channels.closed.get(SECONDS, TimeUnit.SECONDS)).isEqualTo(WebSocket.NORMAL_CLOSURE);
        assertThat(channels.text(1)).isEqualTo("hi");
        assertThat(channels.text(3)).isEqualTo("{\"metadata\":{},\"status\":\"Success\"}");
    }

    @Test
    void theExitCodeStandsInTheStatus() throws Exception {
        Channels channels = new Channels();
        open(POD + "/exec?command=sh&command=-c&command=exit+7&stdout=true", "v4.channel.k8s.io", channels);
        channels.closed.get(SECONDS, TimeUnit.SECONDS);
        assertThat(channels.text(3))
                .isEqualTo("{\"metadata\":{},\"status\":\"Failure\","
                        + "\"message\":\"command terminated with non-zero exit code: exit status 7\","
                        + "\"reason\":\"NonZeroExitCode\","
                        + "\"details\":{\"causes\":[{\"reason\":\"ExitCode\",\"message\":\"7\"}]}}");
    }

    @Test
    void theBase64FormIsText() throws Exception {
        Channels channels = new Channels();
        WebSocket socket = open(POD + "/attach?stdin=true", "v4.base64.channel.k8s.io", channels);
        String message = "0" + Base64.getEncoder().encodeToString("hello".getBytes(StandardCharsets.UTF_8));
        socket.sendText(message, true).get(SECONDS, TimeUnit.SECONDS);
        assertThat(new String(channels.await(1, 5), StandardCharsets.UTF_8)).isEqualTo("hello");
        socket.abort();
        for (Process process : streams.processes) {
            assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void theSizeOfTheTerminalArrives() throws Exception {
        Channels channels = new Channels();
        WebSocket socket =
                open(POD + "/exec?command=cat&stdin=true&stdout=true&tty=true", "v5.channel.k8s.io", channels);
        byte[] size = "\u0004{\"Width\":80,\"Height\":24}\n".getBytes(StandardCharsets.UTF_8);
        socket.sendBinary(ByteBuffer.wrap(size), true).get(SECONDS, TimeUnit.SECONDS);
        send(socket, 0, 'x');
        channels.await(1, 1);
        assertThat(awaitSize()).isEqualTo("80x24");
        send(socket, 255, 0);
        channels.closed.get(SECONDS, TimeUnit.SECONDS);
    }

    private String awaitSize() throws InterruptedException {
        return java.util.Objects.requireNonNull(streams.sizes.poll(SECONDS, TimeUnit.SECONDS));
    }

    @Test
    void whatCannotBeIsRefusedBeforeTheProtocolChanges() {
        FaceTest.assertRefused(face.get(POD + "/exec?command=x&stdout=true"), 400, "Upgrade request required");
        FaceTest.assertRefused(
                face.get(POD + "/exec?command=x"), 400, "you must specify at least 1 of stdin, stdout, stderr");
        FaceTest.assertRefused(
                face.get(POD + "/exec?command=x&stderr=true&tty=true"), 400, "tty and stderr cannot both be true");
        FaceTest.assertRefused(face.get(POD + "/portforward"), 400, "Upgrade request required");
        FaceTest.assertRefused(
                face.request("PUT", POD + "/exec?stdout=true", ""),
                405,
                "the server does not allow this method on the requested resource");
    }

    @Test
    void twoPortsAreForwardedOverOneSocket() throws Exception {
        int unused = FreePort.next();
        try (Echo echo = new Echo()) {
            Channels channels = new Channels();
            WebSocket socket =
                    open(POD + "/portforward?ports=" + echo.port() + "&ports=" + unused, "v4.channel.k8s.io", channels);
            byte[] port = channels.await(0, 2);
            assertThat((port[0] & 0xff) | (port[1] & 0xff) << 8).isEqualTo(echo.port());
            assertThat(channels.await(1, 2)).isEqualTo(port);
            channels.await(3, 3);
            assertThat(channels.text(3)).contains("error forwarding port " + unused);
            send(socket, 0, 'y', 'o');
            assertThat(channels.await(0, 4)).endsWith('y', 'o');
            socket.abort();
        }
    }

    @Test
    void aLogIsFollowedLineByLine() throws Exception {
        var writer = new java.io.PipedOutputStream();
        streams.log = new java.io.PipedInputStream(writer);
        var response = face.client()
                .send(
                        face.to(POD + "/log?follow=true").build(),
                        java.net.http.HttpResponse.BodyHandlers.ofInputStream());
        assertThat(response.headers().firstValue("content-type")).contains("text/plain");
        writer.write("first\n".getBytes());
        writer.flush();
        try (var lines = new java.io.BufferedReader(new java.io.InputStreamReader(response.body()))) {
            assertThat(lines.readLine()).isEqualTo("first");
            writer.write("second\n".getBytes());
            writer.close();
            assertThat(lines.readLine()).isEqualTo("second");
            assertThat(lines.readLine()).isNull();
        }
        FaceTest.assertRefused(
                face.get(POD + "/log?tailLines=x"), 400, "strconv.ParseInt: parsing \"x\": invalid syntax");
        assertThat(List.of(face.get(POD + "/log?sinceSeconds=0").statusCode())).containsExactly(422);
    }
}
