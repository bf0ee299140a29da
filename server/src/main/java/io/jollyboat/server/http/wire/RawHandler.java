package io.jollyboat.server.http.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The event loop's side of a connection that speaks HTTP no more. */
final class RawHandler extends ChannelInboundHandlerAdapter implements Duplex {
    /** A quiet connection lives as long as both sides want. */
    private static final Duration FOREVER = Duration.ofDays(10_000);

    private final Outbound outbound;
    private final @Nullable Exchange exchange;
    private final Inbound inbound;
    private @Nullable ChannelHandlerContext context;

    RawHandler(Outbound outbound, @Nullable Exchange exchange) {
        this.outbound = outbound;
        this.exchange = exchange;
        this.inbound = new Inbound(this::ask, FOREVER);
    }

    private void ask() {
        ChannelHandlerContext ctx = context;
        if (ctx != null) {
            ctx.executor().execute(ctx::read);
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (message instanceof ByteBuf bytes) {
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

    @Override
    public void close() {
        ChannelHandlerContext ctx = context;
        if (ctx != null) {
            ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }
    }
}
