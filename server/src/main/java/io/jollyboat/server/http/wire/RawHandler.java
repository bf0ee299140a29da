package io.jollyboat.server.http.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The event loop's side of a connection that speaks HTTP no more. */
final class RawHandler extends ChannelInboundHandlerAdapter implements Duplex {
    /** A quiet connection lives as long as both sides want. */
    private static final Duration FOREVER = Duration.ofDays(10_000);

    private static final int LINGER_SECONDS = 5;

    private final Outbound outbound;
    private final @Nullable Exchange exchange;
    private final Inbound inbound;
    private @Nullable ChannelHandlerContext context;
    private boolean leaving; // of the event loop only

    RawHandler(Outbound outbound, @Nullable Exchange exchange) {
        this.outbound = outbound;
        this.exchange = exchange;
        this.inbound = new Inbound(this::ask, FOREVER);
    }

    private void ask() {
        ChannelHandlerContext ctx = context;
        if (ctx != null) {
            ExchangeHandler.onLoop(ctx, ctx::read);
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (message instanceof ByteBuf bytes && !leaving) {
                inbound.offer(bytes);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        outbound.changed();
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        inbound.end();
        outbound.changed();
        stop();
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }

    /** Tells those who wait for it that the connection is over. */
    void stop() {
        if (exchange != null) {
            exchange.gone();
        }
    }

    /** Has {@code action} run when the connection is closed. */
    void closed(Runnable action) {
        ChannelHandlerContext ctx = context;
        if (ctx != null) {
            ctx.channel().closeFuture().addListener(done -> action.run());
        }
    }

    @Override
    public InputStream input() {
        return inbound;
    }

    @Override
    public OutputStream output() {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] source, int offset, int length) throws IOException {
                outbound.write(Unpooled.copiedBuffer(source, offset, length));
            }
        };
    }

    /**
     * Sends what was written, then says goodbye in the way of TLS and TCP and reads on for a moment: closing while
     * bytes of the client lie unread would destroy what it has not read yet.
     */
    @Override
    public void close() {
        ChannelHandlerContext ctx = context;
        if (ctx != null && ctx.channel().isActive()) {
            ExchangeHandler.onLoop(
                    ctx, () -> ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(flushed -> sayGoodbye(ctx)));
        }
    }

    private void sayGoodbye(ChannelHandlerContext ctx) {
        if (leaving) {
            return;
        }
        leaving = true;
        ctx.executor().schedule(() -> ctx.close(), LINGER_SECONDS, TimeUnit.SECONDS);
        ctx.channel().config().setAutoRead(true);
        SslHandler tls = ctx.pipeline().get(SslHandler.class);
        if (tls != null) {
            tls.closeOutbound().addListener(said -> shutdown(ctx));
        } else {
            shutdown(ctx);
        }
    }

    private static void shutdown(ChannelHandlerContext ctx) {
        if (ctx.channel() instanceof SocketChannel socket) {
            socket.shutdownOutput();
        }
    }
}
