package io.jollyboat.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jollyboat.testing.FreePort;
import io.jollyboat.world.Task;
import io.jollyboat.world.World;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ports of a cluster: in which order they open, and what is said when one is taken. */
class ClusterTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private final World world = World.system();

    @TempDir
    Path folder;

    @Test
    void whoFindsTheApiFindsTheRegistryToo() throws Exception {
        Settings settings = Settings.named("ports").at(0, FreePort.next(), FreePort.next());
        BlockingQueue<Boolean> found = new LinkedBlockingQueue<>();
        Task seeker = world.start("seeker", () -> {
            try {
                while (!answers(settings.apiPort())) {
                    world.sleep(Duration.ofMillis(1));
                }
                found.add(answers(settings.registryPort()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        try (Cluster _ = Cluster.rehearse(settings, new Folders(folder), world)) {
            assertThat(found.poll(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } finally {
            seeker.cancel();
        }
        assertThat(answers(settings.apiPort())).isFalse();
    }

    /** A stopped cluster keeps its ports in its settings only: another may have them when it starts again. */
    @Test
    void aPortThatAnotherHasTakenIsNamed() throws IOException {
        try (ServerSocket other = new ServerSocket(FreePort.next(), 1, InetAddress.getLoopbackAddress())) {
            Settings settings = Settings.named("late").at(0, FreePort.next(), other.getLocalPort());
            assertThatThrownBy(() -> Clusters.requireFree(settings))
                    .isInstanceOf(ClusterException.class)
                    .hasMessage("port " + other.getLocalPort() + " on 127.0.0.1, which cluster late was made with, is"
                            + " taken by another program: stop that (`ss -ltnp` names it)");
            assertThatThrownBy(() -> Cluster.rehearse(settings, new Folders(folder), world))
                    .isInstanceOf(ClusterException.class)
                    .hasMessageContaining("the image registry cannot listen on")
                    .hasMessageContaining(":" + other.getLocalPort());
            assertThat(answers(settings.apiPort())).isFalse();
        }
    }

    private static boolean answers(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
