package io.jollyboat.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jollyboat.store.Store.Outcome;
import io.jollyboat.world.World;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a {@link LogStore} does when its disk fails in one certain way. */
class LogFaultTest {
    private static final byte[] KIBIBYTE = new byte[1024];

    private final FaultDisk disk = new FaultDisk(1);
    private LogStore store = reopen(disk);

    @Test
    void aFullDiskFailsWritesUntilThereIsRoom() {
        write("a", 0);
        disk.capacity(400 << 10);
        int written = 1;
        while (tryWrite("k" + written)) {
            written++;
        }
        assertThat(store.revision()).isEqualTo(written);
        assertThatThrownBy(() -> write("x", 0))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("/fault/store.log")
                .hasMessageContaining("No space left on device")
                .hasMessageContaining("make room");
        assertThat(store.get("x")).isEmpty();
        disk.capacity(Long.MAX_VALUE);
        write("x", 0);
        assertThat(store.revision()).isEqualTo(written + 1);
        reopen(disk.crash());
        assertThat(store.revision()).isEqualTo(written + 1);
        assertThat(store.get("x")).isPresent();
    }

    @Test
    void aDiskThatDoesNotConfirmMakesTheStoreReadOnlyUntilReopened() {
        write("a", 0);
        disk.failForce(true);
        assertThatThrownBy(() -> write("b", 0))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("did not confirm")
                .hasMessageContaining("start again");
        disk.failForce(false);
        assertThatThrownBy(() -> write("c", 0))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("can only be read");
        assertThat(store.get("a")).isPresent();
        assertThat(store.revision()).isEqualTo(1);
        store.close();
        reopen(disk);
        long found = store.revision(); // whether b was written nobody was told
        write("d", 0);
        reopen(disk.crash());
        assertThat(store.revision()).isEqualTo(found + 1);
        assertThat(store.get("a")).isPresent();
        assertThat(store.get("d")).isPresent();
    }

    @Test
    void aWriteThatCannotBeTakenBackMakesTheStoreReadOnly() {
        write("a", 0);
        disk.failCut(true);
        disk.capacity(disk.used());
        assertThatThrownBy(() -> write("b", 0, new byte[1 << 20])).isInstanceOf(StoreException.class);
        disk.capacity(Long.MAX_VALUE);
        assertThatThrownBy(() -> write("c", 0)).hasMessageContaining("can only be read");
        disk.failCut(false);
        reopen(disk);
        assertThat(store.revision()).isEqualTo(1);
    }

    @Test
    void everyTornEndIsCutOff() throws IOException {
        write("a", 0);
        write("b", 0);
        store.close();
        byte[] whole = disk.bytes("store.log");
        int last = Frame.HEADER + Frame.padded(Frame.RECORD_HEAD + 1 + KIBIBYTE.length);
        for (int length = last; length < whole.length - 7; length += length < last + 40 ? 1 : 97) {
            reopen(holding(whole, length));
            assertThat(store.revision()).isEqualTo(1);
            write("c", 0);
            assertThat(store.revision()).isEqualTo(2);
            store.close();
        }
    }

    @Test
    void damageAnywhereButAtTheEndOpensNothing() throws IOException {
        write("a", 0);
        write("b", 0);
        write("c", 0);
        store.close();
        byte[] whole = disk.bytes("store.log");
        int frame = Frame.padded(Frame.RECORD_HEAD + 1 + KIBIBYTE.length);
        for (int at = 0; at < Frame.HEADER + 2 * frame - 8; at += at < Frame.HEADER + 40 ? 1 : 61) {
            if (at >= 36 && at < Frame.HEADER) {
                continue; // zeros that say nothing
            }
            byte[] damaged = whole.clone();
            damaged[at] ^= 0x10;
            long expected = at < Frame.HEADER ? 0 : (at - Frame.HEADER) / frame * frame + Frame.HEADER;
            assertThatThrownBy(() -> reopen(holding(damaged, damaged.length)))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("/fault/store.log")
                    .hasMessageContaining("backup")
                    .hasMessageContaining(expected == 0 ? "beginning" : "byte " + expected + " ");
        }
    }

    @Test
    void aValueThatLooksLikeAFrameIsNoFrame() throws IOException {
        write("a", 0);
        store.close();
        byte[] log = disk.bytes("store.log");
        byte[] frames = Arrays.copyOfRange(log, Frame.HEADER, log.length);
        frames[7] ^= 1; // a mark of another store: this one's nobody can know
        reopen(disk);
        write("b", 0, frames);
        store.close();
        byte[] whole = disk.bytes("store.log");
        reopen(holding(whole, whole.length - 8));
        assertThat(store.revision()).isEqualTo(1);
    }

    @Test
    void aShortLogTakesThePlaceOfALongOne() throws InterruptedException {
        reopen(disk, 64 << 10);
        long revision = 0;
        for (int i = 0; i < 2_000; i++) {
            revision = write(
                    "k" + i % 10,
                    store.get("k" + i % 10).map(Store.Entry::revision).orElse(0L));
        }
        assertThat(disk.used()).isLessThan(1 << 20); // 2 MiB were written
        store.close();
        reopen(disk.crash());
        assertThat(store.revision()).isEqualTo(revision);
        assertThat(store.range("", "", 0, 0).entries()).hasSize(10);
        assertThat(store.compacted()).isGreaterThan(0);
        try (Changes changes = store.watch("", store.compacted())) {
            assertThat(changes.next(Duration.ZERO)).hasSize((int) (revision - store.compacted()));
        }
    }

    @Test
    void aRewritingThatFindsNoRoomIsGivenUpAndTriedAgain() {
        reopen(disk, 64 << 10);
        for (int i = 0; i < 60; i++) {
            write("base" + i, 0);
        }
        disk.capacity(disk.used() + 8_000);
        int written = 60;
        while (tryWrite("k" + written)) {
            written++;
        }
        disk.capacity(Long.MAX_VALUE);
        for (int i = 0; i < 500; i++) {
            write("more" + i, 0);
        }
        reopen(disk.crash());
        assertThat(store.range("", "", 0, 0).entries()).hasSize(written + 500);
    }

    private static FaultDisk holding(byte[] log, int length) throws IOException {
        FaultDisk other = new FaultDisk(1);
        Disk.DiskFile file = other.open("store.log");
        file.write(ByteBuffer.wrap(log, 0, length), 0);
        file.force();
        other.forceNames();
        return other;
    }

    private LogStore reopen(FaultDisk from) {
        return reopen(from, Compactor.GROWTH_BYTES);
    }

    private LogStore reopen(FaultDisk from, long growth) {
        store = LogStore.open(from, World.system(), new History.Limits(50, Long.MAX_VALUE), growth);
        return store;
    }

    private boolean tryWrite(String key) {
        try {
            write(key, 0);
            return true;
        } catch (StoreException e) {
            return false;
        }
    }

    private long write(String key, long expected) {
        return write(key, expected, KIBIBYTE);
    }

    private long write(String key, long expected, byte[] value) {
        Outcome outcome = store.write(key, expected, Optional.of(value));
        assertThat(outcome).isInstanceOf(Outcome.Written.class);
        return ((Outcome.Written) outcome).revision();
    }
}
