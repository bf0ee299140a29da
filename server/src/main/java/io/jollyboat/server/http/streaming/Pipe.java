package io.jollyboat.server.http.streaming;

import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A bounded pipe from one thread to another. The writer waits while it is full; what is written after the reader has
 * closed it is thrown away, since nobody wants it.
 */
final class Pipe extends InputStream {
    private final ReentrantLock lock = new ReentrantLock(); // guards all fields below
    private final Condition changed = lock.newCondition();
    private final byte[] ring;
    private int start;
    private int length;
    private boolean ended;
    private boolean closed;

    /** @param size bytes that it holds */
    Pipe(int size) {
        this.ring = new byte[size];
    }

    void write(byte[] source, int offset, int count) throws InterruptedIOException {
        lock.lock();
        try {
            int done = 0;
            while (done < count && !closed && !ended) {
                if (length == ring.length) {
                    await();
                    continue;
                }
                int end = (start + length) % ring.length;
                int part = Math.min(count - done, Math.min(ring.length - length, ring.length - end));
                System.arraycopy(source, offset + done, ring, end, part);
                length += part;
                done += part;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Nothing more will be written. */
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
    public int read() throws InterruptedIOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int count) throws InterruptedIOException {
        if (count == 0) {
            return 0;
        }
        lock.lock();
        try {
            while (length == 0 && !ended && !closed) {
                await();
            }
            if (length == 0 || closed) {
                return -1;
            }
            int part = Math.min(count, Math.min(length, ring.length - start));
            System.arraycopy(ring, start, target, offset, part);
            start = (start + part) % ring.length;
            length -= part;
            changed.signalAll();
            return part;
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
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
