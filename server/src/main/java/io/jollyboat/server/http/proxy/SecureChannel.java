package io.jollyboat.server.http.proxy;

import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * TLS over a connection to a Pod, for addresses with {@code https:}. The Pod's certificate is not looked at, as in
 * Kubernetes: nobody knows who should have signed it. One thread reads, one writes.
 */
final class SecureChannel implements ByteChannel {
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

    /** @throws IOException where the other side speaks no TLS */
    static SecureChannel over(ByteChannel channel) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Anybody()}, null);
            SSLEngine engine = context.createSSLEngine();
            engine.setUseClientMode(true);
            SecureChannel secure = new SecureChannel(channel, engine);
            secure.shakeHands();
            return secure;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has TLS", e);
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

    /** Trusts everybody. */
    private static final class Anybody extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
