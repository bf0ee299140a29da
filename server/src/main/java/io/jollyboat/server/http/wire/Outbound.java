package io.jollyboat.server.http.wire;

import io.netty.channel.Channel;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets virtual threads write to a channel no faster than the client reads: a write waits while the channel holds more
 * than its high-water mark, and a client that takes nothing for too long is cut off.
 */
final class Outbound {
    private final ReentrantLock lock = new ReentrantLock(); // lets writers sleep until the channel changes
    private final Condition changed = lock.newCondition();
    private final Channel channel;
    private final Duration patience;

    Outbound(Channel channel, Duration patience) {
        this.channel = channel;
        this.patience = patience;
    }

    /** Is told by the event loop that the channel has become writable, or was closed. */
    void changed() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void write(Object message) throws IOException {
        await();
        channel.writeAndFlush(message);
    }

    private void await() throws IOException {
        lock.lock();
        try {
            long left = patience.toNanos();
            while (channel.isActive() && !channel.isWritable()) {
                left = changed.awaitNanos(left);
                if (left <= 0 && !channel.isWritable()) {
                    channel.close();
                    throw new ClientGoneException("the client read nothing for " + patience.toSeconds() + " s");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("cancelled");
        } finally {
            lock.unlock();
        }
        if (!channel.isActive()) {
            throw new ClientGoneException("the client went away");
        }
    }
}
