package io.jollyboat.world;

import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Bytes from one task to another, with a limit: a writer that is ahead of the reader by that much waits. What is written
 * after the reader has closed it is thrown away, since nobody wants it. An empty pipe holds no memory.
 */
public final class Pipe extends InputStream {
    private final int limit;
    private final ReentrantLock lock = new ReentrantLock(); // guards everything below
    private final Condition changed = lock.newCondition();
    private final Deque<byte[]> chunks = new ArrayDeque<>();
    private int offset;
    private int size;
    private boolean ended;
    private boolean closed;

    /** @param limit bytes that may wait for the reader */
    public Pipe(int limit) {
        this.limit = limit;
    }

    /**
     * Hands a copy of bytes over.
     *
     * @throws InterruptedIOException when the task is cancelled while it waits
     */
    public void write(byte[] source, int from, int count) throws InterruptedIOException {
        lock.lock();
        try {
            int done = 0;
            while (done < count && !closed && !ended) {
                if (size >= limit) {
                    await();
                    continue;
                }
                int part = Math.min(count - done, limit - size);
                chunks.add(Arrays.copyOfRange(source, from + done, from + done + part));
                size += part;
                done += part;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Nothing more will be written. */
    public void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int read() throws InterruptedIOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int at, int count) throws InterruptedIOException {
        if (count == 0) {
            return 0;
        }
        lock.lock();
        try {
            while (chunks.isEmpty() && !ended && !closed) {
                await();
            }
            byte[] first = chunks.peek();
            if (closed || first == null) {
                return -1;
            }
            int part = Math.min(count, first.length - offset);
            System.arraycopy(first, offset, target, at, part);
            offset += part;
            size -= part;
            if (offset == first.length) {
                chunks.remove();
                offset = 0;
            }
            changed.signalAll();
            return part;
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

    private void await() throws InterruptedIOException {
        try {
            changed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("cancelled");
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
