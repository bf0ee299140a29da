package io.jollyboat.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.testing.Need;
import io.jollyboat.testing.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** A cluster whose parts are killed at any moment comes back with what it had, and goes without trace. */
@Needs({Need.ROOT, Need.CONTAINERD, Need.RUNC, Need.NFT, Need.IP, Need.KUBECTL, Need.BUSYBOX})
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RestartTest {
    private static final String NAME = "phoenix";
    private static final String MANIFESTS = "examples/sleep";
    private static final String RUNNING = """
            jsonpath={range .items[*]}{.metadata.name} {.status.podIP} {.status.containerStatuses[0].containerID} \
            {.status.containerStatuses[0].restartCount} {.status.containerStatuses[0].ready}{"\\n"}{end}""";

    private static TestCluster cluster;
    private static Traces traces;

    @BeforeAll
    static void up() throws IOException {
        cluster = new TestCluster(NAME);
        traces = new Traces(NAME, cluster.home());
        assertThat(traces.find()).isEmpty();
        cluster.up(MANIFESTS).ok().says("Cluster phoenix runs");
        cluster.kubectl("create", "configmap", "kept", "--from-literal=a=b").ok();
    }

    @AfterAll
    static void delete() throws IOException {
        cluster.close();
    }

    /** Name, address, container, restarts and readiness of each Pod. */
    private static List<String> pods() {
        return cluster.kubectl("get", "pods", "-o", RUNNING).ok().out().lines().toList();
    }

    private static void canBeUsed() {
        Program.eventually(
                () -> cluster.kubectl("exec", "deploy/sleep-1", "--", "echo", "well"), result -> result.status() == 0);
    }

    private static void kill(ProcessHandle process) {
        process.destroyForcibly();
        Program.eventually(process::isAlive, alive -> !alive);
    }

    private static Optional<ProcessHandle> containerd() {
        Path file = Path.of("/run/jollyboat", NAME, "containerd.pid");
        return ProcessHandle.of(Long.parseLong(Program.text(file).strip())).filter(ProcessHandle::isAlive);
    }

    /** Each sandbox has one process of this name. */
    private static Stream<String> shims() {
        return traces.processes().filter(line -> line.contains("containerd-shim"));
    }

    /** A Pod's last process ends a little after the Pod. */
    private static void untilThereAreShims(int wanted) {
        Program.eventually(() -> shims().toList(), all -> all.size() == wanted);
    }

    @Test
    @Order(1)
    void aKilledServerFindsItsPodsAgain() throws IOException {
        List<String> before = pods();
        assertThat(before).hasSize(2).allMatch(line -> line.contains("containerd://") && line.endsWith(" 0 true"));
        kill(cluster.server());
        cluster.kubectl("get", "pods").fails().says("refused");
        cluster.jolly("status").fails().says("is stopped", "`./jolly up --name phoenix` starts it");
        cluster.up(MANIFESTS).ok();
        canBeUsed();
        assertThat(pods()).isEqualTo(before);
        untilThereAreShims(2);
        cluster.kubectl("get", "nodes").ok().says("Ready");
    }

    @Test
    @Order(2)
    void aContainerThatEndedMeanwhileIsStartedAgain() throws IOException {
        String pod = pods().getFirst().split(" ")[0];
        kill(cluster.server());
        long inside = traces.processes()
                .filter(line -> line.contains("while true; do sleep 3600"))
                .map(line -> Long.parseLong(line.split(" ")[0]))
                .findFirst()
                .orElseThrow();
        kill(ProcessHandle.of(inside).orElseThrow());
        cluster.up().ok();
        String restarts = "jsonpath={.items[*].status.containerStatuses[0].restartCount}";
        Program.eventually(
                () -> cluster.kubectl("get", "pods", "-o", restarts).ok().text(),
                counts -> List.of("0 1", "1 0").contains(counts));
        cluster.kubectl("wait", "--for=condition=Ready", "pod", "--all", "--timeout=180s")
                .ok();
        assertThat(pods()).hasSize(2).anyMatch(line -> line.startsWith(pod));
    }

    @Test
    @Order(3)
    void aKilledContainerdComesBackAndNoContainerIsLost() {
        List<String> before = pods();
        kill(containerd().orElseThrow());
        Program.eventually(RestartTest::containerd, Optional::isPresent);
        canBeUsed();
        cluster.kubectl("run", "after", "--image=kiamol/ch03-sleep").ok();
        cluster.kubectl("wait", "--for=condition=Ready", "pod/after", "--timeout=180s")
                .ok();
        cluster.kubectl("delete", "pod", "after").ok();
        assertThat(pods()).isEqualTo(before);
        untilThereAreShims(2);
    }

    @Test
    @Order(4)
    void allKilledAtOnce() throws IOException {
        List<String> before = pods();
        kill(cluster.server());
        kill(containerd().orElseThrow());
        cluster.up(MANIFESTS).ok();
        canBeUsed();
        assertThat(pods()).isEqualTo(before);
        untilThereAreShims(2);
    }

    @Test
    @Order(5)
    void killedAmidWork() throws IOException {
        for (int replicas : new int[] {6, 1}) {
            cluster.kubectl("scale", "deploy/sleep-1", "--replicas=" + replicas).ok();
            kill(cluster.server());
            cluster.up().ok();
            cluster.field("deploy/sleep-1", "{.status.readyReplicas}", Integer.toString(replicas)::equals);
            Program.eventually(RestartTest::pods, pods -> pods.size() == replicas + 1);
            untilThereAreShims(replicas + 1);
        }
    }

    @Test
    @Order(6)
    void downKeepsTheData() {
        List<String> before = pods();
        cluster.jolly("down").ok().says("is stopped; its data is kept");
        assertThat(traces.processes()).isEmpty();
        cluster.jolly("down").ok().says("was stopped already");
        cluster.jolly("status").fails().says("is stopped");
        cluster.up().ok();
        cluster.kubectl("get", "configmap", "kept", "-o", "jsonpath={.data.a}")
                .ok()
                .says("b");
        cluster.kubectl("wait", "--for=condition=Ready", "pod", "--all", "--timeout=180s")
                .ok();
        canBeUsed();
        assertThat(pods().stream().map(line -> line.split(" ")[0]))
                .containsExactlyElementsOf(
                        before.stream().map(line -> line.split(" ")[0]).toList());
        untilThereAreShims(2);
    }

    @Test
    @Order(7)
    void deleteLeavesNothing() throws IOException {
        List<Path> sockets = sockets();
        assertThat(sockets).isNotEmpty().allMatch(Files::exists);
        assertThat(traces.find()).anyMatch(line -> line.startsWith("mount "));
        cluster.jolly("delete").ok().says("Cluster phoenix is gone");
        assertThat(traces.find()).isEmpty();
        assertThat(sockets).noneMatch(Files::exists);
        assertThat(Files.readString(cluster.home().resolve("kubeconfig"))).doesNotContain(NAME);
        assertThat(cluster.home().resolve("data")).isEmptyDirectory();
        cluster.jolly("delete").ok().says("There is no cluster named phoenix");
    }

    /** Shims listen at places that no name gives away; each noted its own. */
    private static List<Path> sockets() throws IOException {
        Path tasks = Path.of("/run/jollyboat", NAME, "containerd/io.containerd.runtime.v2.task/k8s.io");
        try (Stream<Path> folders = Files.list(tasks)) {
            return folders.map(folder -> folder.resolve("address"))
                    .filter(Files::exists)
                    .map(Program::text)
                    .map(text -> Path.of(text.strip().replaceFirst("^unix://", "")))
                    .toList();
        }
    }
}
