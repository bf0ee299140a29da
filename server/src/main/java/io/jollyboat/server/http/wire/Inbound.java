package io.jollyboat.server.http.wire;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Bytes on their way from the event loop to a virtual thread. The reader asks for more only when it has used up what
 * came, so at most what one read of the socket brings is kept.
 */
final class Inbound extends InputStream {
    private final ReentrantLock lock = new ReentrantLock(); // guards all fields below
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<byte[]> chunks = new ArrayDeque<>();
    private final Runnable ask;
    private final Duration patience;
    private int used; // of the first chunk
    private boolean asked;
    private boolean ended;
    private boolean gone;

    /**
     * @param ask tells the event loop to read more
     * @param patience how long to wait for it
     */
    Inbound(Runnable ask, Duration patience) {
        this.ask = ask;
        this.patience = patience;
    }

    void offer(ByteBuf bytes) {
        byte[] copy = new byte[bytes.readableBytes()];
        bytes.readBytes(copy);
        lock.lock();
        try {
            asked = false;
            if (copy.length > 0 && !ended) {
                chunks.add(copy);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** No more will come, as it should be. */
    void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** No more will come since the client has gone. */
    void gone() {
        lock.lock();
        try {
            gone = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether the end was reached, or lies in what has come already. */
    boolean complete() {
        lock.lock();
        try {
            return ended;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        lock.lock();
        try {
            if (!await()) {
                return -1;
            }
            byte[] chunk = chunks.getFirst();
            int count = Math.min(length, chunk.length - used);
            System.arraycopy(chunk, used, target, offset, count);
            used += count;
            if (used == chunk.length) {
                chunks.removeFirst();
                used = 0;
            }
            return count;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a chunk; false at the end. */
    private boolean await() throws IOException {
        long left = patience.toNanos();
        while (chunks.isEmpty() && !ended) {
            if (gone) {
                throw new ClientGoneException("the client went away while it was sending");
            }
            if (!asked) {
                asked = true;
                ask.run();
            }
            try {
                left = changed.awaitNanos(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("cancelled");
            }
            if (left <= 0 && chunks.isEmpty() && !ended) {
                throw new ClientGoneException("the client sent nothing for " + patience.toSeconds() + " s");
            }
        }
        return !chunks.isEmpty();
    }

    @Override
    public int available() {
        lock.lock();
        try {
            return chunks.isEmpty() ? 0 : chunks.getFirst().length - used;
        } finally {
            lock.unlock();
        }
    }

    /** Throws away at most {@code limit} bytes; true when the end was reached. */
    boolean drain(long limit) throws IOException {
        byte[] waste = new byte[8192];
        long left = limit;
        while (left > 0) {
            int count = read(waste, 0, waste.length);
            if (count < 0) {
                return true;
            }
            left -= count;
        }
        return false;
    }
}
