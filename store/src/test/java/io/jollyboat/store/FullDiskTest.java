package io.jollyboat.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jollyboat.store.Store.Outcome;
import io.jollyboat.testing.Need;
import io.jollyboat.testing.Needs;
import io.jollyboat.world.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real file system that is really full. */
@Needs(Need.ROOT)
class FullDiskTest {
    @TempDir
    Path folder;

    @BeforeEach
    void mount() throws IOException, InterruptedException {
        run("mount", "-t", "tmpfs", "-o", "size=1m", "jollyboat-test", folder.toString());
    }

    @AfterEach
    void unmount() throws IOException, InterruptedException {
        run("umount", "--lazy", folder.toString());
    }

    @Test
    void writesFailWhileTheDiskIsFullAndGoOnAfterwards() throws IOException {
        Path ballast = folder.resolve("ballast");
        Files.write(ballast, new byte[300 << 10]);
        Path own = folder.resolve("store");
        int written = 0;
        try (LogStore store = LogStore.open(own, World.system())) {
            while (write(store, "k" + written)) {
                written++;
            }
            assertThat(written).isBetween(100, 1_000);
            assertThatThrownBy(() -> store.write("x", 0, Optional.of(new byte[4_096])))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("cannot write to " + own.resolve("store.log"))
                    .hasMessageContaining("make room on that disk");
            assertThat(store.revision()).isEqualTo(written);
            Files.delete(ballast);
            assertThat(write(store, "x")).isTrue();
        }
        try (LogStore store = LogStore.open(own, World.system())) {
            assertThat(store.range("", "", 0, 0).entries()).hasSize(written + 1);
        }
    }

    @Test
    void aStoreThatFindsNoRoomToBeginSaysSo() throws IOException {
        Path ballast = folder.resolve("ballast");
        assertThatThrownBy(() -> Files.write(ballast, new byte[2 << 20])).isInstanceOf(IOException.class);
        Path own = folder.resolve("store");
        assertThatThrownBy(() -> LogStore.open(own, World.system()))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("No space left on device");
        Files.delete(ballast);
        LogStore.open(own, World.system()).close();
    }

    private static boolean write(Store store, String key) {
        try {
            return store.write(key, 0, Optional.of(new byte[1_024])) instanceof Outcome.Written;
        } catch (StoreException e) {
            return false;
        }
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).inheritIO().start();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }
}
