package io.jollyboat.server.http.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.testing.fuzz.FuzzContract;
import io.jollyboat.world.World;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalIoHandler;
import io.netty.channel.local.LocalServerChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/**
 * A client's frames after the preface of HTTP/2, as they come out of TLS. Whatever they are, the connection comes to its
 * end, and no request is left over.
 */
class Http2FuzzTest extends FuzzContract {
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SETTINGS = HexFormat.of().parseHex("000000040000000000");
    private static final int MOST_BODY = 1 << 20;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();
    private @Nullable Listener listener;
    private final LocalAddress address = new LocalAddress(Http2FuzzTest.class);
    private @Nullable EventLoopGroup loops;

    Http2FuzzTest() {
        super("http2.txt");
    }

    @AfterEach
    void stop() {
        if (listener != null && loops != null) {
            listener.close();
            loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }

    @Override
    protected int mutations() {
        return 1_000;
    }

    @Override
    protected void take(byte[] input) throws Exception {
        if (loops == null) {
            start();
        }
        Channel client = new Bootstrap()
                .group(loops)
                .channel(LocalChannel.class)
                .handler(new ChannelInboundHandlerAdapter())
                .connect(address)
                .sync()
                .channel();
        Channel server = accepted.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        client.writeAndFlush(Unpooled.wrappedBuffer(PREFACE, SETTINGS, input)).await();
        client.close().await();
        assertThat(server).isNotNull();
        assertThat(server.closeFuture().await(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as("closed")
                .isTrue();
        World world = World.system();
        long end = world.nanoTime() + PATIENCE.toNanos();
        while (listener.running() > 0) {
            assertThat(world.nanoTime()).as("requests left over").isLessThan(end);
            world.sleep(Duration.ofMillis(1));
        }
    }

    private void start() throws IOException, InterruptedException {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        Listener made = Listener.start(World.system(), any, Optional.empty(), Limits.DEFAULT, Http2FuzzTest::answer);
        listener = made;
        loops = new MultiThreadIoEventLoopGroup(1, LocalIoHandler.newFactory());
        new ServerBootstrap()
                .group(loops)
                .channel(LocalServerChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        made.http2(channel.pipeline());
                        accepted.add(channel);
                    }
                })
                .bind(address)
                .sync();
    }

    private static void answer(Request request, Response response) throws IOException {
        assertThat(request.method()).isNotEmpty();
        request.query();
        request.segments();
        response.send(request.body(MOST_BODY));
    }
}
