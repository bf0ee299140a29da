package io.jollyboat.server.http.wire;

import io.jollyboat.world.World;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** An open port. Its event loops only read, parse and write; every request is answered on a virtual thread. */
public final class Listener implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Listener.class.getName());
    private static final AttributeKey<Peer> PEER = AttributeKey.valueOf("io.jollyboat.peer");
    private static final int LOOPS = 4;
    private static final int WINDOW = 256 << 10;
    private static final int BACKLOG = 1024;
    private static final Duration SHUTDOWN = Duration.ofSeconds(5);

    private final World world;
    private final Limits limits;
    private final Handler handler;
    private final @Nullable Tls tls;
    private final @Nullable SSLContext ssl;
    private final EventLoopGroup loops;
    private final Channel port;
    private final Set<Object> open = ConcurrentHashMap.newKeySet(); // ExchangeHandler and RawHandler, to be stopped
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger running = new AtomicInteger();
    private volatile boolean stopping;

    private Listener(World world, InetSocketAddress address, Optional<Tls> tls, Limits limits, Handler handler)
            throws IOException {
        this.world = world;
        this.limits = limits;
        this.handler = handler;
        this.tls = tls.orElse(null);
        this.ssl = tls.map(Tls::context).orElse(null);
        this.loops = new MultiThreadIoEventLoopGroup(
                Math.min(LOOPS, Runtime.getRuntime().availableProcessors()), NioIoHandler.newFactory());
        try {
            this.port = bind(address);
        } catch (IOException e) {
            loops.shutdownGracefully(0, 0, TimeUnit.SECONDS);
            throw e;
        }
    }

    /**
     * Opens a port; port 0 lets the system choose.
     *
     * @throws IOException when the address is taken or not ours
     */
    public static Listener start(
            World world, InetSocketAddress address, Optional<Tls> tls, Limits limits, Handler handler)
            throws IOException {
        return new Listener(world, address, tls, limits, handler);
    }

    private Channel bind(InetSocketAddress address) throws IOException {
        var bound = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        accept(channel);
                    }
                })
                .bind(address)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "cannot listen on " + address + ": " + bound.cause().getMessage(), bound.cause());
        }
        return bound.channel();
    }

    /** The address that the port has. */
    public InetSocketAddress address() {
        return (InetSocketAddress) port.localAddress();
    }

    /** How many requests are being answered. */
    public int running() {
        return running.get();
    }

    /** How many connections are open. */
    public int connections() {
        return connections.get();
    }

    Limits limits() {
        return limits;
    }

    /** Whether it takes no further connection, and ends what runs. */
    public boolean stopping() {
        return stopping;
    }

    boolean secure() {
        return ssl != null;
    }

    void start(String name, Runnable action) {
        world.start(name, action);
    }

    private void accept(Channel channel) {
        if (connections.incrementAndGet() > limits.connections()) {
            connections.decrementAndGet();
            channel.close();
            return;
        }
        channel.closeFuture().addListener(closed -> connections.decrementAndGet());
        if (tls == null || ssl == null) {
            channel.pipeline().addLast(new PlainOnly());
            http1(channel.pipeline());
            return;
        }
        channel.pipeline().addLast(new SslHandler(tls.engine(ssl)));
        channel.pipeline().addLast(new ByProtocol());
    }

    /** Waits for the end of the TLS handshake, then sets up the version of HTTP that was agreed upon (RFC 7301). */
    private final class ByProtocol extends ChannelInboundHandlerAdapter {
        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof SslHandshakeCompletionEvent handshake) {
                SslHandler handler = ctx.pipeline().get(SslHandler.class);
                if (!handshake.isSuccess()) {
                    ctx.close(); // and stays, to take the exception that follows
                    return;
                }
                if ("h2".equals(handler.engine().getApplicationProtocol())) {
                    http2(ctx.pipeline());
                } else {
                    http1(ctx.pipeline());
                }
                ctx.pipeline().remove(this);
            }
            ctx.fireUserEventTriggered(event);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }

    private void http1(ChannelPipeline pipeline) {
        pipeline.channel().config().setAutoRead(false);
        pipeline.addLast(new HttpServerCodec(new HttpDecoderConfig()
                .setMaxInitialLineLength(limits.requestLine())
                .setMaxHeaderSize(limits.headers())));
        pipeline.addLast(exchanges(pipeline.channel(), false));
    }

    /** For a connection that speaks it. */
    void http2(ChannelPipeline pipeline) {
        pipeline.addLast(Http2FrameCodecBuilder.forServer()
                .initialSettings(Http2Settings.defaultSettings()
                        .maxConcurrentStreams(limits.streams())
                        .maxHeaderListSize(limits.headers() + limits.requestLine())
                        .initialWindowSize(WINDOW))
                .build());
        pipeline.addLast(new Http2MultiplexHandler(new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel stream) {
                stream.config().setAutoRead(false);
                stream.pipeline().addLast(new Http2StreamFrameToHttpObjectCodec(true));
                stream.pipeline().addLast(exchanges(stream, true));
            }
        }));
        pipeline.addLast(new IdleConnection(limits.idle()));
    }

    private ExchangeHandler exchanges(Channel channel, boolean http2) {
        ExchangeHandler exchanges = new ExchangeHandler(this, http2);
        open.add(exchanges);
        channel.closeFuture().addListener(closed -> open.remove(exchanges));
        return exchanges;
    }

    void switched(ExchangeHandler before, RawHandler after) {
        open.remove(before);
        open.add(after);
        after.closed(() -> open.remove(after));
    }

    Peer peer(Channel channel) {
        SslHandler handler = channel.pipeline().get(SslHandler.class);
        if (tls == null || handler == null) {
            return Peer.UNKNOWN;
        }
        Peer known = channel.attr(PEER).get();
        if (known == null) {
            known = tls.peer(handler.engine().getSession());
            channel.attr(PEER).set(known);
        }
        return known;
    }

    /** Answers one request on a virtual thread of its own. */
    void serve(Exchange exchange, Request request, Response response) {
        world.start(request.method() + " " + request.path(), () -> {
            running.incrementAndGet();
            try {
                handler.handle(request, response);
                if (!response.committed()) {
                    response.status(500).send(new byte[0]);
                }
                response.finish();
            } catch (IOException e) {
                LOG.log(Level.DEBUG, () -> request.method() + " " + request.path() + ": " + e.getMessage());
                exchange.abort();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                exchange.abort();
            } catch (RuntimeException | Error e) {
                LOG.log(Level.ERROR, request.method() + " " + request.path() + " failed", e);
                exchange.abort();
            } finally {
                exchange.finish();
                running.decrementAndGet();
            }
        });
    }

    /** A loop that is told to end closes its channels before it does what is still to be done, such as to write. */
    private void awaitLastWords() {
        for (EventExecutor loop : loops) {
            loop.submit(() -> {}).awaitUninterruptibly(SHUTDOWN.toMillis());
        }
    }

    /** Takes no further connection, tells all who stream to come to an end, waits a little for the rest, closes. */
    @Override
    public void close() {
        stopping = true;
        port.close().awaitUninterruptibly();
        for (Object one : open) {
            switch (one) {
                case ExchangeHandler exchanges -> exchanges.stop();
                case RawHandler raw -> raw.stop();
                default -> throw new IllegalStateException();
            }
        }
        try {
            long end = world.nanoTime() + SHUTDOWN.toNanos();
            while (running.get() > 0 && world.nanoTime() - end < 0) {
                world.sleep(Duration.ofMillis(5));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!loops.isShuttingDown()) {
            awaitLastWords();
        }
        loops.shutdownGracefully(0, SHUTDOWN.toMillis(), TimeUnit.MILLISECONDS).awaitUninterruptibly();
    }
}
