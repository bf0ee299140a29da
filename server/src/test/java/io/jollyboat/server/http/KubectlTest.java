package io.jollyboat.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.testing.FreePort;
import io.jollyboat.testing.Need;
import io.jollyboat.testing.Needs;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stock kubectl against the face: what it reads, writes and streams, over WebSocket and over SPDY. */
@Needs(Need.KUBECTL)
class KubectlTest {
    @TempDir
    Path home;

    @TempDir
    Path machine;

    private FaceFixture face;
    private LocalStreams streams;
    private Kubectl kubectl;

    @BeforeEach
    void start() throws Exception {
        Certificates certificates = new Certificates();
        streams = new LocalStreams(machine);
        HttpClient client =
                HttpClient.newBuilder().sslContext(certificates.client("")).build();
        face = new FaceFixture(HttpSettings.onPort(0), Optional.of(certificates.tls), client, streams);
        kubectl = Kubectl.of(home, face.server.port(), certificates);
        face.makePod("p");
    }

    @AfterEach
    void stop() {
        streams.processes.forEach(Process::destroyForcibly);
        face.close();
    }

    @Test
    void objectsAreAppliedChangedShownAndDeleted() throws IOException {
        Path manifest = home.resolve("m.yaml");
        Files.writeString(manifest, "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\ndata: {a: '1', b: '2'}\n");
        assertOut(kubectl.run("apply", "-f", "m.yaml"), "configmap/m created\n");
        assertOut(kubectl.run("apply", "-f", "m.yaml"), "configmap/m unchanged\n");
        Files.writeString(manifest, "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\ndata: {a: '3'}\n");
        assertOut(kubectl.run("apply", "-f", "m.yaml"), "configmap/m configured\n");
        assertOut(kubectl.run("get", "cm", "m", "-o", "jsonpath={.data}"), "{\"a\":\"3\"}");
        assertThat(kubectl.run("get", "cm").out()).containsPattern("NAME +DATA +AGE\nm +1 ");
        assertOut(kubectl.run("create", "configmap", "n", "--from-literal=k=v"), "configmap/n created\n");
        assertOut(kubectl.run("delete", "cm", "m", "n"), "configmap \"m\" deleted\nconfigmap \"n\" deleted\n");
        Kubectl.Outcome missing = kubectl.run("get", "cm", "m");
        assertThat(missing.code()).isEqualTo(1);
        assertThat(missing.err()).contains("Error from server (NotFound): configmaps \"m\" not found");
    }

    @Test
    void unknownFieldsAreFoundAndKnownOnesExplained() throws IOException {
        Files.writeString(
                home.resolve("bad.yaml"), "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\ndatum: {a: '1'}\n");
        Kubectl.Outcome refused = kubectl.run("apply", "-f", "bad.yaml");
        assertThat(refused.err()).contains("strict decoding error: unknown field \"datum\"");
        assertThat(kubectl.run("explain", "service.spec.clusterIP").out()).contains("FIELD: clusterIP <string>");
    }

    @Test
    void aDrainWaitsForTheBudget() throws IOException {
        assertThat(face.request("POST", "/api/v1/nodes", "{\"metadata\":{\"name\":\"n\"}}")
                        .statusCode())
                .isEqualTo(201);
        Files.writeString(
                home.resolve("b.yaml"),
                "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: b}\n"
                        + "spec: {minAvailable: 1, selector: {}}\n");
        assertOut(kubectl.run("apply", "-f", "b.yaml"), "poddisruptionbudget.policy/b created\n");
        told("/api/v1/namespaces/default/pods/p", "{\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}]}");
        counted(0);
        String[] drain = {"drain", "n", "--force", "--grace-period=0", "--timeout=1s"};
        Kubectl.Outcome refused = kubectl.run(drain);
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("Cannot evict pod as it would violate the pod's disruption budget.");
        assertThat(kubectl.run("get", "pod", "p").code()).isZero();
        counted(1);
        drain[4] = "--timeout=60s";
        Kubectl.Outcome drained = kubectl.run(drain);
        assertThat(drained.out()).as(drained.err()).contains("node/n drained");
        assertThat(kubectl.run("get", "pod", "p").err()).contains("NotFound");
    }

    /** What the controller of budgets would say. */
    private void counted(int allowed) {
        told(
                "/apis/policy/v1/namespaces/default/poddisruptionbudgets/b",
                "{\"observedGeneration\":1,\"disruptionsAllowed\":" + allowed
                        + ",\"desiredHealthy\":1,\"currentHealthy\":1,\"expectedPods\":1}");
    }

    private void told(String path, String status) {
        var told = face.send(face.to(path + "/status")
                .method("PATCH", HttpRequest.BodyPublishers.ofString("{\"status\":" + status + "}"))
                .header("Content-Type", "application/merge-patch+json"));
        assertThat(told.statusCode()).as(told.body()).isEqualTo(200);
    }

    @Test
    void aWatchPrintsWhatHappens() throws Exception {
        Process watching = kubectl.prepare("get", "cm", "-w", "-o", "name").start();
        try (BufferedReader lines = watching.inputReader()) {
            assertOut(kubectl.run("create", "configmap", "seen", "--from-literal=k=v"), "configmap/seen created\n");
            assertThat(lines.readLine()).isEqualTo("configmap/seen");
        } finally {
            end(watching);
        }
    }

    @Test
    void logsArePrinted() {
        assertOut(kubectl.run("logs", "p"), "one\ntwo\n");
    }

    @Test
    void commandsRunWithTheirOutputErrorsInputAndExitCode() {
        for (Kubectl way : List.of(kubectl, kubectl.spdy())) {
            Kubectl.Outcome outcome = way.run("exec", "p", "--", "sh", "-c", "echo out; echo err >&2; exit 3");
            assertThat(outcome.out()).isEqualTo("out\n");
            assertThat(outcome.err()).isEqualTo("err\ncommand terminated with exit code 3\n");
            assertThat(outcome.code()).isEqualTo(3);
            assertOut(way.runWith("hello".getBytes(), "exec", "-i", "p", "--", "cat"), "hello");
        }
    }

    @Test
    void muchGoesBothWaysUnharmed() {
        byte[] much = new byte[3_000_000];
        new Random(7).nextBytes(much);
        String text = new String(much, java.nio.charset.StandardCharsets.ISO_8859_1);
        for (Kubectl way : List.of(kubectl, kubectl.spdy())) {
            Kubectl.Outcome outcome = way.runWith(much, "exec", "-i", "p", "--", "cat");
            assertThat(outcome.err()).isEmpty();
            assertThat(outcome.out().equals(text)).isTrue();
        }
    }

    @Test
    void filesAreCopiedInAndOut() throws IOException {
        byte[] content = new byte[500_000];
        new Random(8).nextBytes(content);
        Files.write(home.resolve("in"), content);
        for (Kubectl way : List.of(kubectl, kubectl.spdy())) {
            assertOut(way.run("cp", "in", "p:" + machine + "/there"), "");
            assertThat(Files.readAllBytes(machine.resolve("there"))).isEqualTo(content);
            assertThat(way.run("cp", "p:" + machine + "/there", "back").code()).isZero();
            assertThat(Files.readAllBytes(home.resolve("back"))).isEqualTo(content);
            Files.delete(machine.resolve("there"));
            Files.delete(home.resolve("back"));
        }
    }

    @Test
    void aCommandEndsWhenItsClientGoes() throws Exception {
        Process client = kubectl.prepare("exec", "p", "--", "sh", "-c", "echo started; exec sleep 1000")
                .start();
        try (BufferedReader lines = client.inputReader()) {
            assertThat(lines.readLine()).isEqualTo("started");
        }
        end(client);
        for (Process process : streams.processes) {
            assertThat(process.waitFor(60, java.util.concurrent.TimeUnit.SECONDS))
                    .isTrue();
        }
    }

    @Test
    void aRefusedCommandSaysWhy() {
        Kubectl.Outcome missing = kubectl.run("exec", "nobody", "--", "true");
        assertThat(missing.err()).contains("pods \"nobody\" not found");
        Kubectl.Outcome refused = kubectl.run("exec", "p", "-c", "none", "--", "true");
        assertThat(refused.err()).contains("container none is not valid for pod p");
    }

    @Test
    void portsAreForwardedForManyAtOnce() throws Exception {
        try (Echo echo = new Echo()) {
            for (Kubectl way : List.of(kubectl, kubectl.spdy())) {
                Process forwarding =
                        way.prepare("port-forward", "p", ":" + echo.port()).start();
                try (BufferedReader lines = forwarding.inputReader()) {
                    String line = lines.readLine();
                    int local = Integer.parseInt(line.replaceAll(".*127.0.0.1:(\\d+) .*", "$1"));
                    exchange(local);
                } finally {
                    end(forwarding);
                }
            }
        }
    }

    private static void exchange(int port) throws Exception {
        byte[] much = new byte[300_000];
        new Random(9).nextBytes(much);
        List<Socket> sockets = new java.util.ArrayList<>();
        for (int i = 0; i < 20; i++) {
            sockets.add(new Socket(InetAddress.getLoopbackAddress(), port));
        }
        for (Socket socket : sockets) {
            Thread writer = Thread.ofVirtual().start(() -> {
                try {
                    socket.getOutputStream().write(much);
                    socket.shutdownOutput();
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            socket.setSoTimeout(60_000);
            assertThat(socket.getInputStream().readAllBytes()).isEqualTo(much);
            writer.join();
            socket.close();
        }
    }

    @Test
    void webServersOfPodsAreReachedThroughTheApi() throws Exception {
        var web =
                com.sun.net.httpserver.HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        web.createContext("/", exchange -> {
            byte[] answer = ("you asked for " + exchange.getRequestURI()).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        web.start();
        String path =
                "/api/v1/namespaces/default/pods/http:p:" + web.getAddress().getPort() + "/proxy/x?y=z";
        Process proxy = kubectl.prepare("proxy", "--port=0").start();
        try (BufferedReader lines = proxy.inputReader();
                HttpClient browser = HttpClient.newBuilder()
                        .version(
                                HttpClient.Version
                                        .HTTP_1_1) // else it offers to change to HTTP/2, which kubectl takes at its
                        // word
                        .build()) {
            assertOut(kubectl.run("get", "--raw", path), "you asked for /x?y=z");
            String port = lines.readLine().replaceAll(".*:", "");
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
            assertThat(browser.send(request.build(), HttpResponse.BodyHandlers.ofString())
                            .body())
                    .isEqualTo("you asked for /x?y=z");
        } finally {
            end(proxy);
            web.stop(0);
        }
    }

    @Test
    void aPortWhereNothingListensIsReported() throws Exception {
        int unused = FreePort.next();
        Process forwarding = kubectl.prepare("port-forward", "p", ":" + unused).start();
        try (BufferedReader lines = forwarding.inputReader();
                BufferedReader errors = forwarding.errorReader()) {
            int local = Integer.parseInt(lines.readLine().replaceAll(".*127.0.0.1:(\\d+) .*", "$1"));
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), local)) {
                socket.getOutputStream().write('x');
                assertThat(errors.readLine()).contains("error forwarding port " + unused);
            }
        } finally {
            end(forwarding);
        }
    }

    /** It must not write into its home any more when that is deleted. */
    private static void end(Process process) throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    private static void assertOut(Kubectl.Outcome outcome, String out) {
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out()).isEqualTo(out);
        assertThat(outcome.code()).isZero();
    }
}
