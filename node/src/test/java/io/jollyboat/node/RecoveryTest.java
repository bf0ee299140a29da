package io.jollyboat.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.node.cri.Cri;
import io.jollyboat.node.cri.v1.Container;
import io.jollyboat.node.cri.v1.ContainerState;
import io.jollyboat.testing.Need;
import io.jollyboat.testing.Needs;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** Nothing is lost and nothing doubled when the agent or containerd is killed. */
@Needs({Need.ROOT, Need.CONTAINERD, Need.RUNC, Need.IP, Need.NFT, Need.BUSYBOX})
@Timeout(400)
class RecoveryTest {
    private SmallNode node;

    @BeforeEach
    void start() throws Exception {
        node = new SmallNode(4);
    }

    @AfterEach
    void stop() {
        node.close();
    }

    private List<Container> containers() {
        return new Cri(node.test.node().connection()).containers(Map.of());
    }

    @Test
    void aNewAgentGoesOnWithWhatRuns() throws Exception {
        node.pod(
                "stays",
                AgentTest.sleeping(",readinessProbe:{exec:{command:['true']},periodSeconds:1,timeoutSeconds:60}"));
        node.pod("dies", AgentTest.sleeping(""));
        node.pod("deleted", AgentTest.sleeping(""));
        node.pod("forced", AgentTest.sleeping(""));
        String id = node.awaitReady("stays")
                .path("status")
                .path("containerStatuses")
                .path(0)
                .path("containerID")
                .stringValue();
        List.of("dies", "deleted", "forced").forEach(node::awaitReady);
        node.awaitEvent("stays", "Started", "");
        String dying = node.container("dies").path("containerID").stringValue().replace("containerd://", "");
        node.restartAgent(() -> {
            new Cri(node.test.node().connection()).stopContainer(dying, Duration.ZERO);
            node.delete("deleted");
            node.api.delete(SmallNode.target("forced"), io.jollyboat.api.DeleteOptions.now());
            assertThat(node.find("forced")).isEmpty();
        });
        JsonNode died = node.awaitContainer(
                "dies",
                c -> c.path("restartCount").intValue(0) == 1 && c.path("ready").booleanValue(false));
        assertThat(died.path("lastState").path("terminated").path("exitCode").intValue())
                .isEqualTo(137);
        node.awaitGone("deleted");
        node.await(
                () -> containers().stream()
                        .map(c -> c.getLabelsOrDefault("io.kubernetes.pod.name", ""))
                        .toList(),
                names -> !names.contains("forced") && !names.contains("deleted"));
        JsonNode stayed = node.container("stays");
        assertThat(stayed.path("containerID").stringValue()).isEqualTo(id);
        assertThat(stayed.path("restartCount").intValue(-1)).isZero();
        assertThat(stayed.path("ready").booleanValue(false))
                .as("never became unready")
                .isTrue();
        assertThat(containers().stream().filter(c -> c.getState() == ContainerState.CONTAINER_RUNNING))
                .hasSize(2);
        assertThat(node.events("stays", "Started")).hasSize(1);
    }

    @Test
    void containerdIsKilledAndComesBack() throws Exception {
        node.pod("stays", AgentTest.sleeping(""));
        String id = node.awaitReady("stays")
                .path("status")
                .path("containerStatuses")
                .path(0)
                .path("containerID")
                .stringValue();
        ProcessHandle old = node.test.containerd();
        old.destroyForcibly();
        old.onExit().join();
        node.pod("next", AgentTest.sleeping(""));
        node.awaitReady("next");
        assertThat(node.test.containerd().pid()).isNotEqualTo(old.pid());
        assertThat(node.container("stays").path("containerID").stringValue()).isEqualTo(id);
        // Ends are still noticed at once: the events are followed anew.
        new Cri(node.test.node().connection()).stopContainer(id.replace("containerd://", ""), Duration.ZERO);
        node.awaitContainer(
                "stays",
                c -> c.path("restartCount").intValue(0) == 1 && c.path("ready").booleanValue(false));
    }

    @Test
    void theWholeNodeIsStoppedAndStartedAgain() throws Exception {
        node.pod("stays", AgentTest.sleeping(""));
        node.awaitReady("stays");
        node.restartAgent(() -> {
            node.test.node().close();
            io.jollyboat.node.host.NestedNode.stop(node.test.settings(), node.world);
            node.test.restart();
        });
        JsonNode back = node.awaitContainer(
                "stays",
                c -> c.path("restartCount").intValue(0) == 1 && c.path("ready").booleanValue(false));
        assertThat(back.path("lastState").has("terminated")).isTrue();
        assertThat(containers().stream().filter(c -> c.getState() == ContainerState.CONTAINER_RUNNING))
                .hasSize(1);
    }
}
