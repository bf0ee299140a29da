package io.jollyboat.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.jollyboat.testing.FreePort;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests passed on to a web server that stands for a Pod. */
class ProxyTest {
    private static final String PODS = "/api/v1/namespaces/default/pods/";
    private static final String SERVICES = "/api/v1/namespaces/default/services/";

    @TempDir
    private Path folder;

    private HttpServer web;
    private FaceFixture face;

    @BeforeEach
    void start() throws IOException {
        web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        web.createContext("/", ProxyTest::echo);
        web.createContext("/moved", exchange -> {
            exchange.getResponseHeaders().set("Location", "/there?a=b");
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        web.createContext("/page", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
            answer(exchange, 200, "<a href=\"/x\">ü</a> <img src='pic.png'> <a href=\"http://elsewhere/x\">");
        });
        web.start();
        face = new FaceFixture(
                HttpSettings.onPort(0),
                Optional.empty(),
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build(),
                new LocalStreams(folder));
        face.makePod("web");
    }

    @AfterEach
    void stop() {
        face.close();
        web.stop(0);
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, 0); // in chunks
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    /** Says what arrived. */
    private static void echo(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        var headers = exchange.getRequestHeaders();
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", "7");
            exchange.sendResponseHeaders(200, -1);
            return;
        }
        answer(
                exchange,
                exchange.getRequestMethod().equals("DELETE") ? 404 : 200,
                String.join(
                        "\n",
                        exchange.getRequestMethod() + " " + exchange.getRequestURI(),
                        "body " + body,
                        "mine " + headers.getFirst("X-Mine"),
                        "secret " + headers.getFirst("Authorization"),
                        "forwarded " + headers.getFirst("X-Forwarded-Uri")));
    }

    private String port() {
        return ":" + web.getAddress().getPort();
    }

    /** What is behind {@code https:} shows a certificate that nobody knows. */
    @Test
    void aPodMaySpeakTls() throws Exception {
        HttpsServer secure = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        secure.setHttpsConfigurator(new HttpsConfigurator(new Certificates().client("CN=pod")));
        secure.createContext("/", ProxyTest::echo);
        secure.start();
        try {
            String prefix = PODS + "https:web:" + secure.getAddress().getPort() + "/proxy";
            assertThat(face.send(face.to(prefix + "/a?q=1")).body().lines()).contains("GET /a?q=1", "mine null");
            String large = "x".repeat(200_000);
            var post = face.to(prefix + "/b").method("POST", java.net.http.HttpRequest.BodyPublishers.ofString(large));
            assertThat(face.send(post).body().lines()).contains("POST /b", "body " + large);
        } finally {
            secure.stop(0);
        }
    }

    @Test
    void aNodesPages() {
        face.request("POST", "/api/v1/nodes", "{\"metadata\":{\"name\":\"n\"}}");
        HttpResponse<String> page = face.send(face.to("/api/v1/nodes/n:10250/proxy/healthz"));
        assertThat(page.statusCode() + " " + page.body()).isEqualTo("200 n is well");
        assertThat(face.send(face.to("/api/v1/nodes/n/proxy/other")).body()).isEqualTo("404 page not found\n");
        HttpResponse<String> log = face.get("/api/v1/nodes/n/proxy/containerLogs/default/web/main");
        assertThat(log.statusCode() + " " + log.body()).isEqualTo("200 one\ntwo\n");
        HttpResponse<String> elsewhere = face.get("/api/v1/nodes/n/proxy/containerLogs/default/gone/main");
        assertThat(elsewhere.statusCode() + " " + elsewhere.body()).isEqualTo("404 pod \"gone\" does not exist\n");
        HttpResponse<String> missing = face.send(face.to("/api/v1/nodes/m/proxy/healthz"));
        assertThat(missing.statusCode()).isEqualTo(404);
        assertThat(missing.body()).contains("nodes \\\"m\\\" not found");
    }

    @Test
    void aRequestArrivesAsItWasSentWithoutItsSecrets() {
        HttpResponse<String> got = face.send(
                face.to(PODS + "web" + port() + "/proxy/a%2Fb/c/?q=1%202").header("X-Mine", "yes"));
        assertThat(got.body().lines())
                .containsExactly(
                        "GET /a%2Fb/c/?q=1%202",
                        "body ", "mine yes", "secret null", "forwarded " + PODS + "web" + port() + "/proxy/a%2Fb/c/");
        assertThat(got.statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
    void everyMethodPasses(String method) {
        HttpResponse<String> got = face.request(method, PODS + "http:web" + port() + "/proxy/x", "hello");
        assertThat(got.body()).startsWith(method + " /x\nbody hello");
        assertThat(got.statusCode()).isEqualTo(method.equals("DELETE") ? 404 : 200);
    }

    @Test
    void headHasNoBody() {
        HttpResponse<String> got =
                face.send(face.to(PODS + "web" + port() + "/proxy/x").method("HEAD", BodyPublishers.noBody()));
        assertThat(got.statusCode()).isEqualTo(200);
        assertThat(got.headers().firstValue("content-length")).contains("7");
    }

    @Test
    void redirectsAndLinksLeadBackThroughTheProxy() {
        String prefix = PODS + "web" + port() + "/proxy";
        assertThat(face.get(prefix + "?a=1").headers().firstValue("location")).contains(prefix + "/?a=1");
        HttpResponse<String> moved = face.get(prefix + "/moved");
        assertThat(moved.statusCode()).isEqualTo(302);
        assertThat(moved.headers().firstValue("location")).contains(prefix + "/there?a=b");
        assertThat(face.get(prefix + "/page").body())
                .isEqualTo("<a href=\"" + prefix + "/x\">ü</a> <img src='pic.png'> <a href=\"http://elsewhere/x\">");
    }

    @Test
    void aServiceIsReachedByItsPortsNumberAndName() {
        face.request("POST", "/api/v1/namespaces/default/services", """
                {"metadata":{"name":"web"},"spec":{"ports":[{"name":"http","port":8080}]}}""");
        face.request("POST", "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices", """
                {"metadata":{"name":"web-1","labels":{"kubernetes.io/service-name":"web"}},"addressType":"IPv4",
                 "ports":[{"name":"http","port":%d}],"endpoints":[{"addresses":["10.0.0.1"],
                 "targetRef":{"kind":"Pod","name":"web","namespace":"default"}}]}""".formatted(
                        web.getAddress().getPort()));
        assertThat(face.get(SERVICES + "http:web:8080/proxy/by/number").body()).startsWith("GET /by/number");
        assertThat(face.get(SERVICES + "web:http/proxy/by/name").body()).startsWith("GET /by/name");
    }

    @Test
    void whatCannotBeReachedIsToldInKubernetesWords() throws IOException {
        face.request("POST", "/api/v1/namespaces/default/services", """
                {"metadata":{"name":"empty"},"spec":{"ports":[{"port":80}]}}""");
        assertThat(said(face.get(SERVICES + "empty/proxy/")))
                .isEqualTo("503 no endpoints available for service \"empty\"");
        assertThat(said(face.get(SERVICES + "empty:81/proxy/")))
                .isEqualTo("503 no service port 81 found for service \"empty\"");
        assertThat(said(face.get(SERVICES + "none/proxy/"))).isEqualTo("404 services \"none\" not found");
        assertThat(said(face.get(SERVICES + "ftp:empty:80/proxy/")))
                .isEqualTo("400 invalid service request \"ftp:empty:80\"");
        int closed = FreePort.next();
        assertThat(said(face.get(PODS + "web:" + closed + "/proxy/")))
                .startsWith("503 error trying to reach service: ");
    }

    private static String said(HttpResponse<String> response) {
        return response.statusCode() + " "
                + FaceFixture.json(response).path("message").asString();
    }

    @Test
    void aConnectionThatChangesItsProtocolIsPassedOnBothWays() throws Exception {
        try (ServerSocket pod = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket client = new Socket("127.0.0.1", face.server.port())) {
            String path = PODS + "web:" + pod.getLocalPort() + "/proxy/chat";
            send(
                    client,
                    "GET " + path + " HTTP/1.1\r\nHost: me\r\nAuthorization: " + FaceFixture.TOKEN
                            + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
            try (Socket server = pod.accept()) {
                assertThat(head(server)).first().isEqualTo("GET /chat HTTP/1.1");
                send(server, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
                assertThat(head(client)).contains("HTTP/1.1 101 Switching Protocols", "upgrade: websocket");
                send(client, "ping\n");
                assertThat(line(server)).isEqualTo("ping");
                send(server, "pong\n");
                assertThat(line(client)).isEqualTo("pong");
            }
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
    }

    private static List<String> head(Socket socket) throws IOException {
        List<String> lines = new java.util.ArrayList<>();
        for (String line = line(socket); !line.isEmpty(); line = line(socket)) {
            lines.add(line);
        }
        return lines;
    }

    private static String line(Socket socket) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = socket.getInputStream().read();
                c != '\n';
                c = socket.getInputStream().read()) {
            assertThat(c).isNotEqualTo(-1);
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }
}
