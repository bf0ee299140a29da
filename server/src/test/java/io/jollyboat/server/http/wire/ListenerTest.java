package io.jollyboat.server.http.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.world.World;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The wire under clients that misbehave, and some that behave in unusual ways. */
class ListenerTest {
    private static final int SECONDS = 60;
    private static final Duration QUICK = Duration.ofMillis(300);

    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final CountDownLatch never = new CountDownLatch(1);
    private final Map<String, Handler> handlers = Map.of(
            "/hello", (request, response) -> response.send("hello".getBytes(StandardCharsets.UTF_8)),
            "/length", this::length,
            "/endless", this::endless,
            "/shared", ListenerTest::shared,
            "/wait", this::waitForTheEnd,
            "/echo", ListenerTest::echo,
            "/silent", (request, response) -> {},
            "/broken",
                    (request, response) -> {
                        throw new IllegalStateException("a bug, tried on purpose");
                    });
    private Listener listener;

    @BeforeEach
    void start() throws IOException {
        listener = listener(Limits.DEFAULT);
    }

    private Listener listener(Limits limits) throws IOException {
        return Listener.start(
                World.system(),
                new InetSocketAddress("127.0.0.1", 0),
                Optional.empty(),
                limits,
                (request, response) -> handlers.get(request.path()).handle(request, response));
    }

    @AfterEach
    void stop() {
        never.countDown();
        listener.close();
    }

    private void length(Request request, Response response) throws IOException {
        try {
            int length = request.body(1000).length;
            response.send(String.valueOf(length).getBytes(StandardCharsets.UTF_8));
        } catch (TooLargeException e) {
            response.status(413).send(e.getMessage().getBytes(StandardCharsets.UTF_8));
        } catch (ClientGoneException e) {
            events.add(e.getMessage());
            throw e;
        }
    }

    private void endless(Request request, Response response) throws IOException {
        byte[] part = new byte[10_000];
        long sent = 0;
        try (OutputStream body = response.stream()) {
            while (true) {
                body.write(part);
                sent += part.length;
            }
        } catch (ClientGoneException e) {
            events.add(sent < 100_000_000 ? e.getMessage() : "too much");
            throw e;
        }
    }

    private static void shared(Request request, Response response) throws IOException {
        byte[] bytes = "b".repeat(20_000).getBytes(StandardCharsets.US_ASCII);
        try (Response.Parts body = response.stream()) {
            body.write('a');
            body.writeShared(bytes);
            body.write('c');
            body.flush();
            body.writeShared(bytes);
            body.writeShared(bytes);
            body.write('d');
        }
    }

    private void waitForTheEnd(Request request, Response response) throws IOException, InterruptedException {
        CountDownLatch gone = new CountDownLatch(1);
        request.whenGone(gone::countDown);
        try (OutputStream body = response.stream()) {
            body.write("waiting\n".getBytes(StandardCharsets.UTF_8));
            body.flush();
            events.add("waiting");
            assertThat(gone.await(SECONDS, TimeUnit.SECONDS)).isTrue();
            events.add("gone");
        }
    }

    private static void echo(Request request, Response response) throws IOException {
        response.header("connection", "Upgrade").header("upgrade", "echo");
        try (Duplex connection = response.switchProtocols()) {
            byte[] part = new byte[100];
            int count = connection.input().read(part);
            connection.output().write(part, 0, count);
        }
    }

    @Test
    void sharedBytesAndOwnOnesArriveInTheirOrder() throws Exception {
        var request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + listener.address().getPort() + "/shared"))
                .timeout(Duration.ofSeconds(SECONDS))
                .build();
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            String b = "b".repeat(20_000);
            assertThat(client.send(request, BodyHandlers.ofString()).body()).isEqualTo("a" + b + "c" + b + b + "d");
        }
    }

    private String event() throws InterruptedException {
        String event = events.poll(SECONDS, TimeUnit.SECONDS);
        assertThat(event).isNotNull();
        return event;
    }

    @Test
    void requestsFollowEachOtherOnOneConnection() throws IOException {
        try (Raw client = new Raw(listener)) {
            client.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\nGET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(client.until("hello")).startsWith("HTTP/1.1 200 OK\r\n");
            assertThat(client.until("hello")).startsWith("HTTP/1.1 200 OK\r\n");
            client.send("POST /length HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
            assertThat(client.until("\r\n\r\n3")).contains("content-length: 1");
            client.send("GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            assertThat(client.rest()).endsWith("hello");
        }
    }

    @Test
    void bytesMayComeOneByOne() throws IOException {
        try (Raw client = new Raw(listener)) {
            for (char c : "POST /length HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab".toCharArray()) {
                client.send(String.valueOf(c));
            }
            assertThat(client.until("\r\n\r\n2")).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void whatIsNoHttpIsRefusedAndClosed() throws IOException {
        assertRefused("this is no HTTP\r\n\r\n", "400");
        assertRefused("GET /hello%zz HTTP/1.1\r\n\r\n", "400");
        assertRefused("GET /" + "x".repeat(300_000) + " HTTP/1.1\r\n\r\n", "414");
        assertRefused("GET /hello HTTP/1.1\r\nA: " + "x".repeat(70_000) + "\r\n\r\n", "431");
    }

    private void assertRefused(String request, String code) throws IOException {
        try (Raw client = new Raw(listener)) {
            client.sendUnlessRefused(request);
            assertThat(client.until("\r\n")).startsWith("HTTP/1.1 " + code + " ");
        }
    }

    @Test
    void aClientOfOldIsClosedAfterItsAnswer() throws IOException {
        try (Raw client = new Raw(listener)) {
            assertThat(client.send("GET /hello HTTP/1.0\r\n\r\n").rest()).endsWith("hello");
        }
    }

    @Test
    void aClientThatAsksFirstIsToldToGoOn() throws IOException {
        try (Raw client = new Raw(listener)) {
            client.send("POST /length HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
            assertThat(client.until("\r\n\r\n")).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
            assertThat(client.send("ab").until("\r\n\r\n2")).startsWith("HTTP/1.1 200");
        }
        try (Raw client = new Raw(listener)) {
            client.send("POST /length HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2000\r\n\r\n");
            assertThat(client.rest()).startsWith("HTTP/1.1 413").contains("connection: close");
        }
    }

    @Test
    void aClientThatStopsInTheMiddleOfABodyIsCutOff() throws Exception {
        try (Listener quick = listener(Limits.DEFAULT.withReading(QUICK));
                Raw client = new Raw(quick)) {
            client.send("POST /length HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nab");
            assertThat(event()).isEqualTo("the client sent nothing for 0 s");
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void aClientThatGoesInTheMiddleOfABodyIsNoticed() throws Exception {
        try (Raw client = new Raw(listener)) {
            client.send("POST /length HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nab");
        }
        assertThat(event()).startsWith("the client ");
        try (Raw client = new Raw(listener)) {
            assertThat(client.send("GET /hello HTTP/1.1\r\n\r\n").until("hello"))
                    .contains("200 OK");
        }
    }

    @Test
    void aClientThatDoesNotReadIsCutOffAtABoundedCost() throws Exception {
        try (Listener quick = listener(Limits.DEFAULT.withWriting(QUICK));
                Raw client = new Raw(quick)) {
            client.send("GET /endless HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(event()).isEqualTo("the client read nothing for 0 s");
        }
    }

    @Test
    void aClientThatGoesIsNoticedWhileNothingIsSent() throws Exception {
        try (Raw client = new Raw(listener)) {
            client.send("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
            client.until("waiting\n");
            assertThat(event()).isEqualTo("waiting");
        }
        assertThat(event()).isEqualTo("gone");
    }

    @Test
    void streamsEndWhenTheServerStops() throws Exception {
        try (Raw client = new Raw(listener)) {
            client.send("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n").until("waiting\n");
            assertThat(event()).isEqualTo("waiting");
            listener.close();
            assertThat(event()).isEqualTo("gone");
            assertThat(client.rest()).endsWith("0\r\n\r\n");
        }
    }

    @Test
    void aConnectionWithoutRequestsIsClosed() throws IOException {
        try (Listener quick = listener(Limits.DEFAULT.withIdle(Duration.ofSeconds(2)));
                Raw client = new Raw(quick)) {
            assertThat(client.send("GET /hello HTT").rest()).isEmpty();
        }
    }

    @Test
    void aConnectionCanBeHandedOver() throws IOException {
        try (Raw client = new Raw(listener)) {
            client.send("POST /echo HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nat once");
            assertThat(client.until("\r\n\r\n")).startsWith("HTTP/1.1 101 Switching Protocols\r\n");
            assertThat(client.rest()).isEqualTo("at once");
        }
    }

    @Test
    void aHandlerWithoutAnAnswerOrWithABugHarmsNobodyElse() throws IOException {
        try (Raw client = new Raw(listener)) {
            assertThat(client.send("GET /silent HTTP/1.1\r\n\r\n").until("\r\n"))
                    .contains("500");
        }
        try (Raw client = new Raw(listener)) {
            assertThat(client.send("GET /broken HTTP/1.1\r\n\r\n").rest()).isEmpty();
        }
        try (Raw client = new Raw(listener)) {
            assertThat(client.send("HEAD /hello HTTP/1.1\r\nConnection: close\r\n\r\n")
                            .rest())
                    .contains("content-length: 5")
                    .endsWith("\r\n\r\n");
        }
    }
}
