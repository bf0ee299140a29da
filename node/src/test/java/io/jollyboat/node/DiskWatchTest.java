package io.jollyboat.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.node.ImageGarbage.Held;
import io.jollyboat.node.cri.Cri;
import io.jollyboat.node.cri.ImageImport;
import io.jollyboat.node.cri.OciImage;
import io.jollyboat.node.cri.PauseImage;
import io.jollyboat.node.cri.Tar;
import io.jollyboat.node.cri.v1.Image;
import io.jollyboat.testing.Need;
import io.jollyboat.testing.Needs;
import io.jollyboat.world.ManualWorld;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** A disk that fills up: unused images go, the Node says so, Pods are ended. */
class DiskWatchTest {
    private static final long GIB = 1L << 30;
    private static final Disk ROOMY = new Disk(100 * GIB, 50 * GIB);
    private static final Disk RATHER_FULL = new Disk(100 * GIB, 10 * GIB);
    private static final Disk FULL = new Disk(100 * GIB, GIB);

    private final ManualWorld world = new ManualWorld(Instant.parse("2026-01-01T00:00:00Z"), 1);
    private final List<String> told = new ArrayList<>();
    private Disk disk = ROOMY;

    @Test
    void thresholds() {
        assertThat(ROOMY.excess()).isZero();
        assertThat(new Disk(1000, 150).excess()).isEqualTo(50);
        assertThat(new Disk(1000, 160).excess()).isZero();
        assertThat(RATHER_FULL.underPressure()).isFalse();
        assertThat(FULL.underPressure()).isTrue();
        assertThat(new Disk(10 * GIB, GIB + 1).underPressure()).isFalse();
        assertThat(new Disk(10 * GIB, GIB - 1).underPressure()).isTrue();
    }

    @Test
    void theLongestUnusedImagesGoFirst() {
        List<Held> images = List.of(
                held("used", 900, 900, true),
                held("young", 60, 60, false),
                held("justUsed", 900, 30, false),
                held("old", 900, 900, false),
                held("older", 900, 901, false));
        assertThat(ImageGarbage.choose(images, 0)).isEmpty();
        assertThat(ImageGarbage.choose(images, 10)).extracting(Held::id).containsExactly("older");
        assertThat(ImageGarbage.choose(images, 11)).extracting(Held::id).containsExactly("older", "old");
        assertThat(ImageGarbage.choose(images, 1000)).hasSize(2);
    }

    private static Held held(String id, long seen, long unused, boolean kept) {
        return new Held(id, 10, Duration.ofSeconds(seen), Duration.ofSeconds(unused), kept);
    }

    @Test
    @Needs({Need.ROOT, Need.CONTAINERD, Need.RUNC, Need.IP, Need.NFT, Need.BUSYBOX})
    void imagesGoThenPods() throws Exception {
        try (SmallNode node = new SmallNode(7)) {
            Cri cri = new Cri(node.test.node().connection());
            load(node, "docker.io/library/spare:1");
            node.pod("small", AgentTest.sleeping(""));
            node.pod(
                    "large",
                    "{volumes:[{name:'v',emptyDir:{}}],containers:[{name:'main',image:'busybox',imagePullPolicy:'Never',"
                            + "command:['sh','-c','head -c 9000000 /dev/zero > /v/x; touch /v/done; exec sleep 1000'],"
                            + "readinessProbe:{exec:{command:['sh','-c','test -e /v/done']},periodSeconds:1},"
                            + "volumeMounts:[{name:'v',mountPath:'/v'}]}]}");
            node.awaitReady("small");
            node.awaitReady("large");
            DiskWatch watch = new DiskWatch(
                    world,
                    node.agent().around().host(),
                    new ImageCollector(cri, world),
                    () -> disk,
                    node.agent()::running,
                    (warning, reason, message) -> told.add(reason));
            watch.step();
            assertThat(tags(cri)).contains("docker.io/library/spare:1");

            disk = RATHER_FULL;
            world.advance(Duration.ofMinutes(6));
            watch.step();
            assertThat(tags(cri)).containsExactlyInAnyOrder(PauseImage.NAME, "docker.io/library/busybox:latest");
            assertThat(told).containsExactly("FreeDiskSpaceFailed");
            assertThat(watch.pressure()).isFalse();

            disk = FULL;
            watch.step();
            assertThat(told).contains("NodeHasDiskPressure", "EvictionThresholdMet");
            assertThat(watch.pressure()).isTrue();
            JsonNode status = node.awaitPhase("large", "Failed").path("status");
            assertThat(status.path("reason").stringValue()).isEqualTo("Evicted");
            assertThat(status.path("message").stringValue())
                    .isEqualTo("The node was low on resource: ephemeral-storage. Threshold quantity: 2Gi,"
                            + " available: 1048576Ki. ");
            node.awaitEvent("large", "Evicted", "The node was low on resource: ephemeral-storage.");
            var files = PodFiles.pods(node.agent().around().host())
                    .resolve(node.get("large").path("metadata").path("uid").stringValue());
            node.await(files.toFile()::exists, there -> !there);
            assertThat(node.container("small").path("state").has("running")).isTrue();
            node.delete("large");
            node.awaitGone("large");

            disk = ROOMY;
            world.advance(Duration.ofMinutes(6));
            watch.step();
            assertThat(watch.pressure()).isFalse();
        }
    }

    private static List<String> tags(Cri cri) {
        return cri.images().stream()
                .map(Image::getRepoTagsList)
                .flatMap(List::stream)
                .toList();
    }

    private static void load(SmallNode node, String name) throws Exception {
        Tar tar = new Tar();
        tar.file("note", 0644, "nobody needs this".getBytes());
        new ImageImport(node.test.node().connection()).load(name, OciImage.of(tar.bytes()));
    }

    @Test
    void theNodeSaysSo() throws Exception {
        var object = new NodeObject(
                VolumeUpkeepTest.host(java.nio.file.Path.of("/tmp")),
                AgentSettings.of("10.43.0.10", "cluster.local", "v1"),
                new Capacity(1, GIB, GIB));
        JsonNode status = object.status(MissingNode.getInstance(), "", Optional.empty(), true, world.now());
        JsonNode condition = Conditions.find(status.path("conditions"), "DiskPressure");
        assertThat(condition.path("status").stringValue()).isEqualTo("True");
        assertThat(condition.path("reason").stringValue()).isEqualTo("KubeletHasDiskPressure");
    }
}
