package io.jollyboat.node.cri;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Bytes from one thread to another, with a limit: who writes more than {@link #LIMIT} bytes ahead of the reader waits.
 * After the reader has closed it, writing goes nowhere.
 */
final class BytePipe extends InputStream {
    static final int LIMIT = 256 << 10;

    private final ReentrantLock lock = new ReentrantLock(); // guards everything below
    private final Condition changed = lock.newCondition();
    private final Deque<byte[]> chunks = new ArrayDeque<>();
    private int offset;
    private int size;
    private boolean ended;
    private boolean closed;

    /** Hands a chunk over; the array must not be changed afterwards. */
    void put(byte[] chunk) throws InterruptedException {
        lock.lock();
        try {
            while (size >= LIMIT && !closed) {
                changed.await();
            }
            if (!closed && !ended && chunk.length > 0) {
                chunks.add(chunk);
                size += chunk.length;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** No more will come. */
    void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
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
    public int read(byte[] to, int at, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        lock.lock();
        try {
            while (chunks.isEmpty() && !ended && !closed) {
                changed.await();
            }
            byte[] first = chunks.peek();
            if (closed || first == null) {
                return -1;
            }
            int count = Math.min(length, first.length - offset);
            System.arraycopy(first, offset, to, at, count);
            offset += count;
            size -= count;
            if (offset == first.length) {
                chunks.remove();
                offset = 0;
            }
            changed.signalAll();
            return count;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int available() {
        lock.lock();
        try {
            return size;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            chunks.clear();
            size = 0;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
