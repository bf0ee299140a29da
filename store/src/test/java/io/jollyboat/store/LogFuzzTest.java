package io.jollyboat.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.store.Frame.Header;
import io.jollyboat.testing.fuzz.FuzzContract;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Logs: read to the end, or refused with what to do about it. Chance finds no checksum, so an input is what a frame with
 * a good one holds; where it begins with ff it is the whole file.
 */
class LogFuzzTest extends FuzzContract {
    private static final long MARK = 0x1122334455667788L;
    private static final int WHOLE = 0xff;

    LogFuzzTest() {
        super("logs.txt");
    }

    @Override
    protected void take(byte[] input) throws IOException {
        byte[] file = input.length > 0 && (input[0] & 0xff) == WHOLE
                ? Arrays.copyOfRange(input, 1, input.length)
                : file(input);
        FaultDisk disk = new FaultDisk(1);
        disk.open("log").write(ByteBuffer.wrap(file), 0);
        try {
            LogReader.Loaded loaded = LogReader.read(disk.open("log"), "log", History.Limits.DEFAULT);
            assertThat(loaded.end()).isBetween((long) Frame.HEADER, (long) file.length);
            assertThat(loaded.lastFrame()).isBetween(loaded.baseEnd() - file.length, loaded.end());
        } catch (StoreException e) {
            assertThat(e.getMessage()).startsWith("log is ");
        }
    }

    private static byte[] file(byte[] input) {
        int entries = input.length > 0 ? input[0] & 0xff : 0;
        byte[] records = Arrays.copyOfRange(input, Math.min(1, input.length), Math.max(1, input.length));
        records = input.length == 0 ? input : records;
        ByteBuffer frame = ByteBuffer.allocate(Frame.padded(records.length));
        frame.putLong(MARK).putInt(records.length).putInt(0).put(records).clear();
        frame.putInt(12, Frame.crc(frame, records.length));
        return ByteBuffer.allocate(Frame.HEADER + frame.capacity())
                .put(new Header(MARK, 0, entries).encode())
                .put(frame)
                .array();
    }
}
