package io.jollyboat.server.http.proxy;

import io.jollyboat.api.AnyCertificate;
import io.jollyboat.world.Task;
import io.jollyboat.world.World;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;

/**
 * TLS over a connection to a Pod, for addresses with {@code https:}. The Pod's certificate is not looked at, as in
 * Kubernetes: nobody knows who should have signed it. One thread reads, one writes.
 */
final class SecureChannel implements ByteChannel {
    /** As long as Kubernetes' proxy waits. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final int ROOM = 32 << 10;

    private final ByteChannel channel;
    private final SSLEngine engine;
    /** What came and was not decrypted, ready to be read. */
    private final ByteBuffer sealed = ByteBuffer.allocate(ROOM).flip();
    /** What was decrypted, ready to be read. */
    private final ByteBuffer open = ByteBuffer.allocate(ROOM).flip();

    private final ByteBuffer out = ByteBuffer.allocate(ROOM);

    private SecureChannel(ByteChannel channel, SSLEngine engine) {
        this.channel = channel;
        this.engine = engine;
    }

    /**
     * Greets the other side, which has {@link #PATIENCE} to answer; then the connection is closed.
     *
     * @throws IOException where it speaks no TLS, or says nothing
     */
    static SecureChannel over(World world, ByteChannel channel) throws IOException {
        SSLEngine engine = AnyCertificate.context().createSSLEngine();
        engine.setUseClientMode(true);
        SecureChannel secure = new SecureChannel(channel, engine);
        AtomicBoolean over = new AtomicBoolean();
        Task limit = world.start("TLS greeting", () -> closeLater(world, channel, over));
        try {
            secure.shakeHands();
        } catch (IOException e) {
            throw over.get() ? late(e) : e;
        } finally {
            limit.cancel();
        }
        if (!over.compareAndSet(false, true)) {
            throw late(new EOFException());
        }
        return secure;
    }

    private static IOException late(IOException cause) {
        return new IOException("net/http: TLS handshake timeout", cause);
    }

    /** @param over set by whoever is first: the greeting, or the end of patience */
    private static void closeLater(World world, ByteChannel channel, AtomicBoolean over) {
        try {
            world.sleep(PATIENCE);
            if (over.compareAndSet(false, true)) {
                channel.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the greeting is over
        } catch (IOException e) {
            // it is of no use any more either way
        }
    }

    private void shakeHands() throws IOException {
        engine.beginHandshake();
        for (HandshakeStatus next = engine.getHandshakeStatus();
                next != HandshakeStatus.FINISHED && next != HandshakeStatus.NOT_HANDSHAKING;
                next = engine.getHandshakeStatus()) {
            switch (next) {
                case NEED_TASK -> engine.getDelegatedTask().run();
                case NEED_WRAP -> seal(ByteBuffer.allocate(0));
                default -> {
                    if (unseal() < 0) {
                        throw new EOFException("EOF");
                    }
                }
            }
        }
    }

    private synchronized void seal(ByteBuffer plain) throws IOException {
        out.clear();
        SSLEngineResult result = engine.wrap(plain, out);
        out.flip();
        while (out.hasRemaining()) {
            channel.write(out);
        }
        if (result.getStatus() == Status.CLOSED && plain.hasRemaining()) {
            throw new EOFException("the connection is closed");
        }
    }

    /** Decrypts one record, reading more where there is no whole one; -1 at the end. */
    private int unseal() throws IOException {
        while (true) {
            open.compact();
            SSLEngineResult result = engine.unwrap(sealed, open);
            open.flip();
            if (result.getStatus() == Status.CLOSED) {
                return -1;
            }
            if (result.getStatus() == Status.OK) {
                return result.bytesProduced();
            }
            sealed.compact();
            int count = channel.read(sealed);
            sealed.flip();
            if (count < 0) {
                return -1;
            }
        }
    }

    @Override
    public int read(ByteBuffer to) throws IOException {
        while (!open.hasRemaining()) {
            if (unseal() < 0) {
                return -1;
            }
            if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                seal(ByteBuffer.allocate(0));
            } else if (engine.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
                engine.getDelegatedTask().run();
            }
        }
        int count = Math.min(to.remaining(), open.remaining());
        to.put(open.slice(open.position(), count));
        open.position(open.position() + count);
        return count;
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        int count = from.remaining();
        while (from.hasRemaining()) {
            seal(from);
        }
        return count;
    }

    @Override
    public boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
