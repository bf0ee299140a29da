package io.jollyboat.node;

import io.jollyboat.api.Streams.LogOptions;
import io.jollyboat.world.World;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A container's log as clients see it, from the file that containerd writes: each line there begins with a time, the
 * stream's name and a flag, F for a whole line and P for a part of one.
 *
 * <p>Source: Kubernetes' design proposal "CRI: log management".
 */
final class LogStream extends InputStream {
    private static final Duration POLL = Duration.ofMillis(25);
    private static final int BLOCK = 64 << 10;

    private final World world;
    private final Path path;
    private final LogOptions options;
    private final Optional<Instant> since;
    private final BooleanSupplier running;
    private @Nullable RandomAccessFile file;
    private Object identity = "";
    private byte[] raw = new byte[0]; // read from the file, not yet a whole line
    private byte[] ready = new byte[0]; // for the client
    private int at;
    private long left;
    private boolean inLine; // the last piece given was a part of a line
    private volatile boolean closed;

    /** @param running whether more may still be written */
    LogStream(World world, Path path, LogOptions options, Optional<Instant> since, BooleanSupplier running) {
        this.world = world;
        this.path = path;
        this.options = options;
        this.since = since;
        this.running = running;
        this.left = options.limitBytes().orElse(Long.MAX_VALUE);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (left > 0 && at == ready.length) {
            if (closed || !fill()) {
                return -1;
            }
        }
        if (left <= 0) {
            return -1;
        }
        int count = (int) Math.min(Math.min(length, ready.length - at), left);
        System.arraycopy(ready, at, to, offset, count);
        at += count;
        left -= count;
        return count;
    }

    @Override
    public int available() {
        return (int) Math.min(ready.length - at, left);
    }

    @Override
    public void close() throws IOException {
        closed = true;
        RandomAccessFile open = file;
        if (open != null) {
            open.close();
        }
    }

    /** Gets more for the client, waiting for it where the log is followed; false at the end. */
    private boolean fill() throws IOException {
        while (!closed) {
            boolean more = running.getAsBoolean(); // asked before reading: what was written until the end is read
            byte[] block = new byte[BLOCK];
            int count = open() ? file().read(block) : -1;
            if (count > 0) {
                convert(block, count);
                return true;
            }
            if (rotated()) {
                continue;
            }
            if (!options.follow() || !more) {
                return false;
            }
            try {
                world.sleep(POLL);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return false;
    }

    private RandomAccessFile file() throws IOException {
        RandomAccessFile open = file;
        if (open == null) {
            throw new IOException("the log is not open");
        }
        return open;
    }

    private boolean open() throws IOException {
        if (file != null) {
            return true;
        }
        if (!Files.exists(path)) {
            return false;
        }
        boolean first = identity.equals("");
        identity = Files.getAttribute(path, "unix:ino");
        RandomAccessFile opened = new RandomAccessFile(path.toFile(), "r");
        file = opened;
        if (first && options.tailLines().isPresent()) {
            opened.seek(tail(opened, options.tailLines().get()));
        }
        return true;
    }

    /** When the log was moved away and a new one begun, goes on with the new one. */
    private boolean rotated() throws IOException {
        if (file == null || !Files.exists(path) || identity.equals(Files.getAttribute(path, "unix:ino"))) {
            return false;
        }
        file().close();
        file = null;
        return true;
    }

    /** Where the last {@code lines} lines begin: looks for their ends from the back. */
    private static long tail(RandomAccessFile file, long lines) throws IOException {
        long end = file.length();
        long wanted = lines;
        if (wanted == 0) {
            return end;
        }
        long position = end;
        byte[] block = new byte[BLOCK];
        while (position > 0) {
            int size = (int) Math.min(BLOCK, position);
            position -= size;
            file.seek(position);
            file.readFully(block, 0, size);
            for (int i = size - 1; i >= 0; i--) {
                if (block[i] == '\n' && position + i != end - 1 && --wanted == 0) {
                    return position + i + 1;
                }
            }
        }
        return 0;
    }

    private void convert(byte[] block, int count) {
        byte[] all = Arrays.copyOf(raw, raw.length + count);
        System.arraycopy(block, 0, all, raw.length, count);
        var out = new ByteArrayOutputStream(all.length);
        int start = 0;
        for (int i = raw.length; i < all.length; i++) {
            if (all[i] == '\n') {
                line(all, start, i, out);
                start = i + 1;
            }
        }
        raw = Arrays.copyOfRange(all, start, all.length);
        ready = out.toByteArray();
        at = 0;
    }

    private void line(byte[] all, int start, int end, ByteArrayOutputStream out) {
        int time = indexOf(all, start, end);
        int stream = indexOf(all, time + 1, end);
        int flag = indexOf(all, stream + 1, end);
        if (time < 0 || stream < 0) {
            return; // not a line of containerd's
        }
        if (flag < 0) {
            flag = end; // an empty line has nothing after its flag
        }
        String written = new String(all, start, time - start, StandardCharsets.US_ASCII);
        if (since.isPresent() && earlier(written, since.get())) {
            return;
        }
        boolean whole = all[stream + 1] == 'F';
        if (options.timestamps() && !inLine) {
            out.writeBytes((written + " ").getBytes(StandardCharsets.US_ASCII));
        }
        int from = Math.min(flag + 1, end);
        out.write(all, from, end - from);
        if (whole) {
            out.write('\n');
        }
        inLine = !whole;
    }

    private static boolean earlier(String written, Instant since) {
        try {
            return Instant.parse(written).isBefore(since);
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    private static int indexOf(byte[] all, int from, int end) {
        for (int i = Math.max(0, from); i < end; i++) {
            if (all[i] == ' ') {
                return i;
            }
        }
        return -1;
    }
}
