package io.jollyboat.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jollyboat.api.StatusException;
import io.jollyboat.api.Streams;
import io.jollyboat.api.Streams.LogOptions;
import io.jollyboat.api.Streams.Session;
import io.jollyboat.api.Streams.Wanted;
import io.jollyboat.testing.Need;
import io.jollyboat.testing.Needs;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Logs, commands and connections into real containers. */
@Needs({Need.ROOT, Need.CONTAINERD, Need.RUNC, Need.IP, Need.NFT, Need.BUSYBOX})
@Timeout(300)
class NodeStreamsTest {
    private static final LogOptions PLAIN =
            new LogOptions("", false, false, false, Optional.empty(), "", Optional.empty(), Optional.empty());
    private static SmallNode node;
    private static Streams streams;

    @BeforeAll
    static void start() throws Exception {
        node = new SmallNode(3);
        streams = node.agent().streams();
        node.pod("shell", AgentTest.sleeping(""));
        node.awaitReady("shell");
    }

    @AfterAll
    static void stop() {
        if (node != null) {
            node.close();
        }
    }

    private static Session exec(Wanted wanted, String... command) {
        return streams.exec(SmallNode.target("shell"), "", List.of(command), wanted);
    }

    @Test
    void aCommandsOutputAndExitCode() throws Exception {
        try (Session session =
                exec(new Wanted(false, true, true, false), "sh", "-c", "echo out; echo err >&2; exit 7")) {
            assertThat(new String(session.stdout().readAllBytes(), UTF_8)).isEqualTo("out\n");
            assertThat(new String(session.stderr().readAllBytes(), UTF_8)).isEqualTo("err\n");
            assertThat(session.exitCode()).isEqualTo(7);
        }
        try (Session session = exec(new Wanted(false, true, true, false), "true")) {
            assertThat(session.exitCode()).isZero();
        }
    }

    @Test
    void aCommandThatDoesNotExist() {
        try (Session session = exec(new Wanted(false, true, true, false), "/none")) {
            assertThatThrownBy(session::exitCode)
                    .isInstanceOf(StatusException.class)
                    .hasMessageContaining("no such file or directory");
        }
    }

    @Test
    void theEndOfInputIsTold() throws Exception {
        byte[] many = new byte[5 << 20];
        new Random(1).nextBytes(many);
        try (Session session = exec(new Wanted(true, true, true, false), "cat")) {
            var copy = new java.util.concurrent.CompletableFuture<byte[]>();
            Thread.ofVirtual().start(() -> {
                try {
                    copy.complete(session.stdout().readAllBytes());
                } catch (IOException e) {
                    copy.completeExceptionally(e);
                }
            });
            session.stdin().write(many);
            session.stdin().close();
            assertThat(Arrays.equals(copy.get(), many))
                    .as("all bytes came back")
                    .isTrue();
            assertThat(session.exitCode()).isZero();
        }
    }

    @Test
    void aTerminalHasASize() throws Exception {
        try (Session session = exec(new Wanted(true, true, false, true), "sh")) {
            session.resize(101, 33);
            // The size comes on a stream of its own, which nobody keeps in step with the input.
            session.stdin()
                    .write("until [ \"$(stty size)\" = '33 1'01 ]; do sleep 0.1; done; stty size; exit 4\n"
                            .getBytes(UTF_8));
            String output = new String(session.stdout().readAllBytes(), UTF_8);
            assertThat(session.exitCode()).isEqualTo(4);
            assertThat(output).contains("33 101");
        }
    }

    @Test
    void attachJoinsTheMainProcess() throws Exception {
        node.pod(
                "reader",
                "{restartPolicy:'Never',containers:[{name:'main',image:'busybox',imagePullPolicy:'Never',"
                        + "stdin:true,stdinOnce:true,command:['sh','-c','while read line; do echo got $line; done; exit 5']}]}");
        node.awaitReady("reader");
        try (Session session =
                streams.attach(SmallNode.target("reader"), "main", new Wanted(true, true, true, false))) {
            session.stdin().write("one\ntwo\n".getBytes(UTF_8));
            var reader = new BufferedReader(new InputStreamReader(session.stdout(), UTF_8));
            assertThat(reader.readLine()).isEqualTo("got one");
            assertThat(reader.readLine()).isEqualTo("got two");
            session.stdin().close();
            assertThat(reader.readLine()).isNull();
        }
        node.awaitPhase("reader", "Failed");
        assertThat(node.container("reader")
                        .path("state")
                        .path("terminated")
                        .path("exitCode")
                        .intValue())
                .isEqualTo(5);
        node.delete("reader");
        node.awaitGone("reader");
    }

    @Test
    void aPortInsideThePodIsReached() throws Exception {
        node.pod(
                "server",
                "{containers:[{name:'main',image:'busybox',imagePullPolicy:'Never',"
                        + "command:['sh','-c','mkdir -p /www; echo hello > /www/index.html; exec httpd -f -p 127.0.0.1:8080 -h /www']}]}");
        node.awaitReady("server");
        String answer = node.await(() -> get("server", 8080), text -> text.contains("hello"));
        assertThat(answer).startsWith("HTTP/1.");
        assertThatThrownBy(() -> streams.dial(SmallNode.target("server"), 9).close())
                .isInstanceOf(IOException.class);
        node.delete("server");
        node.awaitGone("server");
    }

    private static String get(String pod, int port) {
        try (ByteChannel channel = streams.dial(SmallNode.target(pod), port)) {
            channel.write(ByteBuffer.wrap("GET / HTTP/1.0\r\n\r\n".getBytes(UTF_8)));
            ByteBuffer buffer = ByteBuffer.allocate(4096);
            while (channel.read(buffer) >= 0) {}
            return new String(buffer.array(), 0, buffer.position(), UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    /** The pages of which dashboards read: what the container and its Pod use, and how probes went. */
    @Test
    void pagesOfMetrics() throws Exception {
        node.pod("probed", AgentTest.sleeping(",readinessProbe:{exec:{command:['true']},periodSeconds:1}"));
        node.awaitReady("probed");
        String probes = page("/metrics/probes");
        assertThat(probes).contains("prober_probe_total{container=\"main\",namespace=\"default\",pod=\"probed\",");
        assertThat(probes).contains("probe_type=\"Readiness\",result=\"successful\"} ");
        String containers = page("/metrics/cadvisor");
        assertThat(containers.lines().filter(line -> line.contains("pod=\"shell\"")))
                .anyMatch(line -> line.startsWith("container_memory_working_set_bytes{container=\"main\",id=\"/"))
                .anyMatch(line -> line.startsWith("container_cpu_usage_seconds_total{container=\"main\",cpu=\"total\""))
                .anyMatch(line -> line.matches("container_network_receive_packets_total\\{.*interface=\"eth0\",.*"));
        assertThat(containers).contains("machine_memory_bytes ", "image=\"busybox\"");
        assertThat(page("/logs/pods/")).contains("<a href=\"default_shell_");
    }

    private static String page(String path) {
        return new String(streams.page("", path).orElseThrow().content(), StandardCharsets.UTF_8);
    }

    @Test
    void logs() throws Exception {
        node.pod(
                "talker",
                "{restartPolicy:'Never',containers:[{name:'main',image:'busybox',imagePullPolicy:'Never',"
                        + "command:['sh','-c','echo one; echo two; echo; echo three']}]}");
        node.awaitPhase("talker", "Succeeded");
        node.await(() -> log("talker", PLAIN), "one\ntwo\n\nthree\n"::equals);
        assertThat(log(
                        "talker",
                        new LogOptions(
                                "main", false, false, false, Optional.empty(), "", Optional.of(2L), Optional.empty())))
                .isEqualTo("\nthree\n");
        assertThat(log(
                        "talker",
                        new LogOptions(
                                "main", true, false, false, Optional.empty(), "", Optional.empty(), Optional.of(5L))))
                .isEqualTo("one\nt");
        assertThat(log(
                        "talker",
                        new LogOptions(
                                "main", false, false, true, Optional.of(3600L), "", Optional.of(1L), Optional.empty())))
                .matches("20\\d\\d-.*Z three\n");
        assertThat(log(
                        "talker",
                        new LogOptions(
                                "main",
                                false,
                                false,
                                false,
                                Optional.empty(),
                                "2999-01-01T00:00:00Z",
                                Optional.empty(),
                                Optional.empty())))
                .isEmpty();
        assertThatThrownBy(() -> log(
                        "talker",
                        new LogOptions(
                                "none", false, false, false, Optional.empty(), "", Optional.empty(), Optional.empty())))
                .hasMessage("container none is not valid for pod talker");
        assertThatThrownBy(() -> log(
                        "talker",
                        new LogOptions(
                                "", false, true, false, Optional.empty(), "", Optional.empty(), Optional.empty())))
                .hasMessage("previous terminated container \"main\" in pod \"talker\" not found");
        node.delete("talker");
        node.awaitGone("talker");
    }

    @Test
    void aFollowedLogEndsWithTheContainer() throws Exception {
        node.pod(
                "ticker",
                "{restartPolicy:'Never',containers:[{name:'main',image:'busybox',imagePullPolicy:'Never',"
                        + "command:['sh','-c','echo 1; until test -e /tmp/go; do sleep 0.1; done; echo 2; echo 3']}]}");
        node.awaitReady("ticker");
        LogOptions follow =
                new LogOptions("", true, false, false, Optional.empty(), "", Optional.empty(), Optional.empty());
        try (var lines =
                new BufferedReader(new InputStreamReader(streams.logs(SmallNode.target("ticker"), follow), UTF_8))) {
            assertThat(lines.readLine()).isEqualTo("1");
            List<String> touch = List.of("touch", "/tmp/go");
            try (Session session =
                    streams.exec(SmallNode.target("ticker"), "", touch, new Wanted(false, true, true, false))) {
                assertThat(session.exitCode()).isZero();
            }
            assertThat(lines.lines()).containsExactly("2", "3");
        }
        node.delete("ticker");
        node.awaitGone("ticker");
    }

    @Test
    void theLogOfAContainerThatDoesNotStart() {
        node.pod("waiting", "{containers:[{name:'main',image:'none:1',imagePullPolicy:'Never'}]}");
        node.awaitContainer(
                "waiting",
                c -> c.path("state")
                        .path("waiting")
                        .path("reason")
                        .stringValue("")
                        .equals("ErrImageNeverPull"));
        assertThatThrownBy(() -> log("waiting", PLAIN))
                .hasMessage("container \"main\" in pod \"waiting\" is waiting to start: image can't be pulled");
        assertThatThrownBy(() -> log("unknown", PLAIN)).hasMessage("pods \"unknown\" not found");
        node.delete("waiting");
        node.awaitGone("waiting");
    }

    @Test
    void thePreviousLog() throws Exception {
        node.pod(
                "again",
                "{volumes:[{name:'v',emptyDir:{}}],containers:[{name:'main',image:'busybox',imagePullPolicy:'Never',"
                        + "volumeMounts:[{name:'v',mountPath:'/v'}],"
                        + "command:['sh','-c','if [ -e /v/x ]; then echo second; sleep 1000; else touch /v/x; echo first; exit 1; fi']}]}");
        node.awaitContainer(
                "again",
                c -> c.path("restartCount").intValue(0) == 1 && c.path("state").has("running"));
        assertThat(log(
                        "again",
                        new LogOptions(
                                "", false, true, false, Optional.empty(), "", Optional.empty(), Optional.empty())))
                .isEqualTo("first\n");
        node.await(() -> log("again", PLAIN), "second\n"::equals);
        node.delete("again");
        node.awaitGone("again");
    }

    private static String log(String pod, LogOptions options) {
        try (InputStream in = streams.logs(SmallNode.target(pod), options)) {
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
