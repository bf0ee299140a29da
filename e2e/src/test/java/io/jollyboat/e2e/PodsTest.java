package io.jollyboat.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.testing.Need;
import io.jollyboat.testing.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a user does with Pods and Deployments all day, with the stock kubectl. */
@Needs({Need.ROOT, Need.CONTAINERD, Need.RUNC, Need.NFT, Need.IP, Need.KUBECTL, Need.BUSYBOX})
class PodsTest {
    private static final String WAIT = "--timeout=180s";

    /** Counts in its log; prints what it is fed; ends when told to, with status 4. */
    private static final String TALKER = """
            apiVersion: v1
            kind: Pod
            metadata: {name: %s}
            spec:
              restartPolicy: Never
              containers:
              - name: talker
                image: kiamol/ch03-sleep
                stdin: %s
                command: [sh, -c]
                args:
                - |
                  if [ %2$s = true ]; then while read line; do echo "heard $line"; done; fi
                  i=0
                  while [ ! -e /tmp/end ]; do i=$((i+1)); echo "line $i"; sleep 0.1; done
                  echo goodbye
                  exit 4
            """;

    private static TestCluster cluster;

    @BeforeAll
    static void up() throws IOException {
        cluster = new TestCluster("pods");
        cluster.up("examples/sleep", "examples/numbers")
                .ok()
                .says("image kiamol/ch03-numbers-web:latest loaded", "Cluster pods runs");
        cluster.apply(TALKER.formatted("talker", false)).ok();
        cluster.kubectl("wait", "--for=condition=Ready", "pod/talker", WAIT).ok();
    }

    @AfterAll
    static void delete() throws IOException {
        cluster.close();
    }

    @Test
    void logs() {
        Program.eventually(() -> cluster.kubectl("logs", "talker").ok().out(), log -> log.contains("line 5\n"));
        assertThat(cluster.kubectl("logs", "talker").ok().out()).startsWith("line 1\nline 2\nline 3\n");
        assertThat(cluster.kubectl("logs", "talker", "--tail=2").ok().out().lines())
                .hasSize(2);
        assertThat(cluster.kubectl("logs", "talker", "--limit-bytes=9").ok().out())
                .isEqualTo("line 1\nli");
        assertThat(cluster.kubectl("logs", "talker", "--timestamps", "--tail=1")
                        .ok()
                        .out())
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d+Z line \\d+\n");
        cluster.kubectl("logs", "talker", "-c", "nobody").fails().says("container nobody is not valid for pod talker");
        cluster.kubectl("logs", "talker", "-p")
                .fails()
                .says("previous terminated container \"talker\" in pod \"talker\"");
        cluster.kubectl("logs", "nobody").fails().says("pods \"nobody\" not found");
    }

    @Test
    void logsAreFollowedToTheirEnd() {
        cluster.apply(TALKER.formatted("speaker", false)).ok();
        cluster.kubectl("wait", "--for=condition=Ready", "pod/speaker", WAIT).ok();
        try (Background log = cluster.background("logs", "-f", "speaker")) {
            log.await("line 3");
            cluster.kubectl("exec", "speaker", "--", "touch", "/tmp/end").ok();
            assertThat(log.end().ok().out()).startsWith("line 1\n").endsWith("\ngoodbye\n");
        }
        cluster.field("pod/speaker", "{.status.phase}", "Failed"::equals);
        String ended = "{.status.containerStatuses[0].state.terminated.exitCode}";
        assertThat(cluster.field("pod/speaker", ended)).isEqualTo("4");
    }

    @Test
    void exec() {
        Result both = cluster.kubectl("exec", "talker", "--", "sh", "-c", "echo out; echo err >&2; exit 7");
        assertThat(both.status()).isEqualTo(7);
        assertThat(both.out()).isEqualTo("out\n");
        assertThat(both.err()).isEqualTo("err\ncommand terminated with exit code 7\n");
        String input = "a line, and a longer one\n".repeat(10_000);
        assertThat(cluster.kubectlFed(input, "exec", "-i", "talker", "--", "cat")
                        .ok()
                        .out())
                .isEqualTo(input);
        cluster.kubectlFed("x", "exec", "-i", "deploy/sleep-1", "--", "wc", "-c")
                .ok()
                .says("1\n");
        cluster.kubectl("exec", "talker", "--", "nothing-of-that-name")
                .fails()
                .says("executable file not found in $PATH");
        cluster.kubectl("exec", "nobody", "--", "true").fails().says("pods \"nobody\" not found");
        cluster.kubectl("exec", "talker", "-c", "nobody", "--", "true").fails().says("container nobody is not valid");
    }

    @ParameterizedTest
    @ValueSource(ints = {64 << 10, 5 << 20})
    void copyThereAndBack(int size) throws IOException {
        byte[] content = new byte[size];
        new Random(size).nextBytes(content);
        Path here = Files.write(cluster.home().resolve("there-" + size), content);
        Path back = cluster.home().resolve("back-" + size);
        String there = "talker:/tmp/copy-" + size;
        cluster.kubectl("cp", here.toString(), there).ok();
        cluster.kubectl("cp", there, back.toString()).ok();
        assertThat(Files.readAllBytes(back)).isEqualTo(content);
    }

    @Test
    void copyAFolder() throws IOException {
        Path folder = Files.createDirectories(cluster.home().resolve("folder/inner"));
        Files.writeString(folder.resolve("a file"), "content");
        cluster.kubectl("cp", folder.getParent().toString(), "talker:/tmp/").ok();
        cluster.kubectl("exec", "talker", "--", "cat", "/tmp/folder/inner/a file")
                .ok()
                .says("content");
    }

    @ParameterizedTest
    @ValueSource(strings = {"pod", "deploy/numbers-web"})
    void portForward(String object) throws Exception {
        String pod = cluster.kubectl("get", "pods", "-l", "app=numbers-web", "-o", "name")
                .ok()
                .text();
        try (Forward forward = Forward.to(cluster, object.equals("pod") ? pod : object, 80)) {
            for (int i = 0; i < 3; i++) {
                assertThat(forward.get("/")).contains("KIAMOL Random Number Generator");
            }
            assertThat(forward.get("/nothing")).contains("nothing is at /nothing");
            forward.interrupt().ok();
        }
    }

    @Test
    void aPortForwardGoesOnWithASibling() throws Exception {
        String web = "{.items[*].metadata.uid}";
        String[] pods = {"get", "pods", "-l", "app=numbers-web", "-o", "jsonpath=" + web};
        String before = cluster.kubectl(pods).ok().text();
        try (Forward forward = Forward.to(cluster, "deploy/numbers-web", 80)) {
            assertThat(forward.get("/")).contains("KIAMOL Random Number Generator");
            cluster.kubectl("delete", "pods", "-l", "app=numbers-web").ok();
            Program.eventually(() -> page(forward), said -> said.contains("KIAMOL Random Number Generator"));
            assertThat(cluster.kubectl(pods).ok().text()).isNotEmpty().doesNotContain(before);
            assertThat(forward.get("/")).contains("KIAMOL Random Number Generator");
            forward.interrupt().ok();
        }
    }

    private static String page(Forward forward) {
        try {
            return forward.get("/");
        } catch (IOException e) {
            return e.toString(); // the connection that was kept ended with its Pod
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void portForwardToAPortWhereNobodyListens() throws Exception {
        try (Background command = cluster.background("port-forward", "talker", ":7777")) {
            String said = command.await("-> 7777");
            int port = Integer.parseInt(said.replaceAll("(?s)Forwarding from 127.0.0.1:(\\d+) .*", "$1"));
            Program.run(new ProcessBuilder("bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/" + port + "; cat <&3"), "");
            command.await("Connection refused");
        }
    }

    @Test
    void attach() throws IOException {
        cluster.apply(TALKER.formatted("listener", true)).ok();
        cluster.kubectl("wait", "--for=condition=Ready", "pod/listener", WAIT).ok();
        try (Background attached = cluster.background("attach", "-i", "listener")) {
            attached.type("one");
            attached.await("heard one");
            attached.type("two");
            attached.await("heard two");
        }
        try (Background watching = cluster.background("attach", "talker")) {
            watching.await("line ");
        }
        cluster.kubectl("logs", "listener").ok().says("heard one\nheard two\n");
    }

    @Test
    void runOnceAndRemove() {
        cluster.kubectlFed(
                        "hello",
                        "run",
                        "once",
                        "-i",
                        "--rm",
                        "--restart=Never",
                        "--image=kiamol/ch03-sleep",
                        "--command",
                        "--",
                        "sh",
                        "-c",
                        "read -r word; echo and $word to you; sleep 0.5")
                .ok()
                .says("and hello to you", "pod \"once\" deleted");
        cluster.kubectl("get", "pod", "once").fails();
    }

    @Test
    void describe() {
        cluster.kubectl("describe", "pod", "-l", "app=sleep-1")
                .ok()
                .says("Node:", "Controlled By:  ReplicaSet/sleep-1-", "containerd://", "Running", "QoS Class:")
                .says(
                        "Successfully assigned default/sleep-1-",
                        "Pulling image",
                        "Container created",
                        "Container started");
        cluster.kubectl("describe", "deploy", "sleep-1")
                .ok()
                .says(
                        "1 desired | 1 updated | 1 total | 1 available",
                        "NewReplicaSetAvailable",
                        "Scaled up replica set");
        cluster.kubectl("describe", "node", "pods")
                .ok()
                .says(
                        "Ready ",
                        "KubeletReady",
                        "Capacity:",
                        "Non-terminated Pods:",
                        "sleep-1-",
                        "Allocated resources:");
    }

    @Test
    void watchAPodComeAndGo() {
        try (Background watch = cluster.background("get", "pods", "-w", "-l", "of=watch")) {
            cluster.kubectl("run", "watched", "--image=kiamol/ch03-sleep", "-l", "of=watch")
                    .ok();
            String said = watch.await("Running");
            assertThat(said).contains("NAME", "READY", "STATUS", "RESTARTS", "AGE", "watched");
            cluster.kubectl("delete", "pod", "watched").ok();
            watch.await("Terminating");
        }
    }

    @Test
    void rolloutAndScale() {
        cluster.kubectl("create", "deployment", "rolled", "--image=kiamol/ch03-sleep", "--replicas=2")
                .ok();
        cluster.kubectl("rollout", "status", "deploy/rolled", WAIT).ok().says("successfully rolled out");
        cluster.kubectl("scale", "deploy/rolled", "--replicas=3").ok().says("deployment.apps/rolled scaled");
        cluster.kubectl("rollout", "status", "deploy/rolled", WAIT).ok();
        assertThat(cluster.field("deploy/rolled", "{.status.readyReplicas}")).isEqualTo("3");
        cluster.kubectl("set", "env", "deploy/rolled", "COLOUR=blue").ok();
        cluster.kubectl("rollout", "status", "deploy/rolled", WAIT).ok();
        cluster.kubectl("exec", "deploy/rolled", "--", "sh", "-c", "echo $COLOUR")
                .ok()
                .says("blue");
        cluster.kubectl("rollout", "history", "deploy/rolled").ok().says("REVISION", "1 ", "2 ");
        cluster.kubectl("rollout", "undo", "deploy/rolled").ok().says("rolled back");
        cluster.kubectl("rollout", "status", "deploy/rolled", WAIT).ok();
        assertThat(cluster.field("deploy/rolled", "{.spec.template.spec.containers[0].env}"))
                .isEmpty();
        cluster.kubectl("rollout", "restart", "deploy/rolled").ok().says("restarted");
        cluster.kubectl("rollout", "status", "deploy/rolled", WAIT).ok();
        cluster.kubectl("rollout", "history", "deploy/rolled").ok().says("3 ", "4 ");
        cluster.kubectl("rollout", "pause", "deploy/rolled").ok();
        cluster.kubectl("rollout", "restart", "deploy/rolled").fails().says("can't restart paused deployment");
        cluster.kubectl("rollout", "resume", "deploy/rolled").ok();
        cluster.kubectl("delete", "deploy", "rolled").ok();
        Program.eventually(
                () -> cluster.kubectl("get", "pods,rs", "-l", "app=rolled").ok(),
                result -> result.err().contains("No resources found"));
    }
}
