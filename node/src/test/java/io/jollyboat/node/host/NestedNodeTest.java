package io.jollyboat.node.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.linux.Cgroups;
import io.jollyboat.linux.Mounts;
import io.jollyboat.linux.Program;
import io.jollyboat.node.cri.Cri;
import io.jollyboat.node.cri.v1.ContainerConfig;
import io.jollyboat.node.cri.v1.ContainerMetadata;
import io.jollyboat.node.cri.v1.ContainerState;
import io.jollyboat.node.cri.v1.ImageSpec;
import io.jollyboat.node.cri.v1.LinuxPodSandboxConfig;
import io.jollyboat.node.cri.v1.PodSandboxConfig;
import io.jollyboat.node.cri.v1.PodSandboxMetadata;
import io.jollyboat.testing.Need;
import io.jollyboat.testing.Needs;
import io.jollyboat.world.World;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

@Needs({Need.ROOT, Need.CONTAINERD, Need.RUNC, Need.IP, Need.NFT, Need.BUSYBOX})
class NestedNodeTest {
    private static final int NUMBER = 1;

    @Test
    void runsAContainerSurvivesItsProcessAndLeavesNothing() throws Exception {
        final NodeSettings settings;
        try (TestNode test = TestNode.start(NUMBER)) {
            settings = test.settings();
            var cri = new Cri(test.node().connection());
            String sandbox = cri.runSandbox(sandbox(settings));
            assertThat(cri.sandbox(sandbox).getStatus().getNetwork().getIp()).startsWith("10.142." + NUMBER + ".");
            String container = cri.createContainer(sandbox, container(), sandbox(settings));
            cri.startContainer(container);
            assertThat(cri.container(container).getState()).isEqualTo(ContainerState.CONTAINER_RUNNING);
            String address = cri.sandbox(sandbox).getStatus().getNetwork().getIp();
            assertThat(Program.run("ping", "-c", "1", "-W", "20", address)).contains("1 received");
            String second = cri.sandbox(sandbox)
                    .getStatus()
                    .getNetwork()
                    .getAdditionalIps(0)
                    .getIp();
            assertThat(second).startsWith("fd00:10:142:" + NUMBER + "::");
            assertThat(Program.run("ping", "-c", "1", "-W", "20", second)).contains("1 received");

            ProcessHandle containerd = test.containerd();
            cri = new Cri(test.restart().connection());
            assertThat(test.containerd().pid())
                    .as("the same containerd goes on")
                    .isEqualTo(containerd.pid());
            assertThat(cri.container(container).getState()).isEqualTo(ContainerState.CONTAINER_RUNNING);

            containerd.destroyForcibly();
            containerd.onExit().join();
            await(test, containerd.pid());
            assertThat(cri.container(container).getState()).isEqualTo(ContainerState.CONTAINER_RUNNING);
        }
        assertThat(settings.folder()).doesNotExist();
        assertThat(settings.runFolder()).doesNotExist();
        assertThat(settings.namespaceFile()).doesNotExist();
        assertThat(Path.of("/sys/class/net", settings.hostDevice())).doesNotExist();
        assertThat(Path.of("/sys/fs/cgroup/memory" + settings.cgroup())).doesNotExist();
        assertThat(Cgroups.processes(settings.cgroup())).isEmpty();
        assertThat(Program.run("nft", "list", "tables")).doesNotContain(settings.table());
        assertThat(Mounts.points()).noneMatch(point -> point.toString().contains(settings.id()));
    }

    private static void await(TestNode test, long old) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(90).toNanos();
        var cri = new Cri(test.node().connection());
        while (System.nanoTime() < end) {
            try {
                if (test.containerd().pid() != old) {
                    cri.version(Duration.ofSeconds(5));
                    return;
                }
            } catch (RuntimeException e) {
                test.node().connection().reconnect();
            }
            World.system().sleep(Duration.ofMillis(20));
        }
        throw new AssertionError("containerd did not come back");
    }

    private static PodSandboxConfig sandbox(NodeSettings settings) {
        return PodSandboxConfig.newBuilder()
                .setMetadata(PodSandboxMetadata.newBuilder()
                        .setName("one")
                        .setNamespace("default")
                        .setUid("u1"))
                .setHostname("one")
                .putAllLabels(Map.of("io.kubernetes.pod.uid", "u1"))
                .setLogDirectory(settings.folder().resolve("logs/u1").toString())
                .setLinux(LinuxPodSandboxConfig.newBuilder().setCgroupParent(settings.cgroup() + "/podu1"))
                .build();
    }

    private static ContainerConfig container() {
        return ContainerConfig.newBuilder()
                .setMetadata(ContainerMetadata.newBuilder().setName("c"))
                .setImage(ImageSpec.newBuilder().setImage(TestNode.IMAGE))
                .addAllCommand(List.of("sleep", "1000"))
                .setLogPath("c/0.log")
                .build();
    }
}
