package io.jollyboat.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jollyboat.store.Store.Outcome;
import io.jollyboat.world.World;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogStoreTest extends StoreContract {
    @TempDir
    Path folder;

    private int opened;

    @Override
    Store open(int changes) {
        Path next = folder.resolve("store" + opened++);
        return LogStore.open(
                FolderDisk.open(next),
                World.system(),
                new History.Limits(changes, Long.MAX_VALUE),
                Compactor.GROWTH_BYTES);
    }

    @Test
    void everythingIsThereAfterReopening() throws InterruptedException {
        Path own = folder.resolve("own");
        try (Store first = LogStore.open(own, World.system())) {
            write(first, "a", 0, "one");
            write(first, "b", 0, "two");
            write(first, "a", 1, "three");
            first.write("b", 2, Optional.empty());
        }
        try (Store second = LogStore.open(own, World.system());
                Changes changes = second.watch("", 1)) {
            assertThat(second.revision()).isEqualTo(4);
            assertThat(StoreContract.show(second.range("", "", 0, 0))).isEqualTo("a=three@3");
            assertThat(StoreContract.show(second.range("", "", 0, 2))).isEqualTo("a=one@1 b=two@2");
            assertThat(StoreContract.showChanges(changes.next(Duration.ZERO)))
                    .isEqualTo("2 b=two was none | 3 a=three was a=one@1 | 4 b deleted was b=two@2");
            write(second, "c", 0, "four");
            assertThat(second.revision()).isEqualTo(5);
        }
    }

    @Test
    void theFileHasTheBytesOfTheWorkedExample() {
        Frame frame = new Frame(0x1122334455667788L);
        frame.add("a", 1, Optional.of("hi".getBytes(StandardCharsets.US_ASCII)));
        byte[] bytes = new byte[40];
        frame.take().get(bytes);
        assertThat(HexFormat.of().formatHex(bytes))
                .isEqualTo("1122334455667788" + "00000011" + "8d3222aa" + "0000000000000001" + "0001" + "00000002"
                        + "61" + "6869" + "00000000000000");
    }

    @Test
    void onlyOneMayHaveAFolderOpen() {
        Path own = folder.resolve("own");
        Store first = LogStore.open(own, World.system());
        assertThatThrownBy(() -> LogStore.open(own, World.system()))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(own.toString())
                .hasMessageContaining(
                        "in use by process " + ProcessHandle.current().pid());
        first.close();
        LogStore.open(own, World.system()).close();
    }

    @Test
    void onlyTheOwnerMayReadTheFiles() throws IOException {
        Path own = folder.resolve("own");
        LogStore.open(own, World.system()).close();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(own)))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(own.resolve("store.log"))))
                .isEqualTo("rw-------");
    }

    @Test
    void aFolderThatCannotBeUsedIsNamed() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        assertThatThrownBy(() -> LogStore.open(file, World.system()))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void anInterruptedWriterLeavesTheStoreWhole() {
        Thread.currentThread().interrupt();
        write(store, "a", 0, "one");
        assertThat(Thread.interrupted()).isTrue();
        write(store, "b", 0, "two");
        assertThat(store.revision()).isEqualTo(2);
        Thread.currentThread().interrupt();
        store.close();
        assertThat(Thread.interrupted()).isTrue();
    }

    private static void write(Store store, String key, long expected, String value) {
        assertThat(store.write(key, expected, Optional.of(value.getBytes(StandardCharsets.UTF_8))))
                .isInstanceOf(Outcome.Written.class);
    }
}
