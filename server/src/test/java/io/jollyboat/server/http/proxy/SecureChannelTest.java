package io.jollyboat.server.http.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jollyboat.testing.TestAuthority;
import io.jollyboat.world.ManualWorld;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The greeting of a backend, by a clock that the test moves. */
@Timeout(120)
class SecureChannelTest {
    private static final int LOOKS = 1000;

    private final ManualWorld world = new ManualWorld(Instant.EPOCH, 1);

    private CompletableFuture<SecureChannel> greet(SocketChannel channel) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return SecureChannel.over(world, channel);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** The clock goes on until the greeting is over: it does not matter when the limit began to count. */
    private void passTime(CompletableFuture<SecureChannel> greeting) throws Exception {
        for (int look = 0; look < LOOKS && !greeting.isDone(); look++) {
            world.advance(SecureChannel.PATIENCE);
            try {
                greeting.get(50, TimeUnit.MILLISECONDS);
            } catch (TimeoutException | ExecutionException e) {
                // looked at again
            }
        }
    }

    @Test
    void aBackendThatAcceptsAndSaysNothingIsGivenUp() throws Exception {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (ServerSocketChannel backend = ServerSocketChannel.open().bind(any);
                SocketChannel channel = SocketChannel.open(backend.getLocalAddress());
                SocketChannel silent = backend.accept()) {
            CompletableFuture<SecureChannel> greeting = greet(channel);
            assertThat(silent.read(ByteBuffer.allocate(1))).as("it is greeted").isEqualTo(1);
            assertThat(greeting).isNotDone();
            passTime(greeting);
            assertThatThrownBy(greeting::get).rootCause().isInstanceOf(IOException.class);
            assertThatThrownBy(greeting::get).hasMessageContaining("net/http: TLS handshake timeout");
            assertThat(channel.isOpen()).isFalse();
        }
    }

    @Test
    void aBackendThatAnswersIsNotHurriedLater() throws Exception {
        try (SSLServerSocket backend = (SSLServerSocket)
                tls().getServerSocketFactory().createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> answered = CompletableFuture.runAsync(() -> answer(backend));
            try (SocketChannel plain = SocketChannel.open(backend.getLocalSocketAddress());
                    SecureChannel channel = SecureChannel.over(world, plain)) {
                world.advance(SecureChannel.PATIENCE.multipliedBy(3));
                channel.write(ByteBuffer.wrap(new byte[] {'?'}));
                ByteBuffer answer = ByteBuffer.allocate(1);
                assertThat(channel.read(answer)).isEqualTo(1);
                assertThat(new String(answer.array(), StandardCharsets.US_ASCII))
                        .isEqualTo("!");
            }
            answered.get(60, TimeUnit.SECONDS);
        }
    }

    private static void answer(SSLServerSocket backend) {
        try (SSLSocket socket = (SSLSocket) backend.accept()) {
            assertThat(socket.getInputStream().read()).isEqualTo('?');
            socket.getOutputStream().write('!');
            socket.getOutputStream().flush();
            assertThat(socket.getInputStream().read()).as("until it is closed").isEqualTo(-1);
        } catch (IOException e) {
            // closed without a word of goodbye
        }
    }

    private static SSLContext tls() throws Exception {
        TestAuthority.Identity own = new TestAuthority().server();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        keys.setKeyEntry("me", own.key(), new char[0], new Certificate[] {own.certificate()});
        KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
        managers.init(keys, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }
}
