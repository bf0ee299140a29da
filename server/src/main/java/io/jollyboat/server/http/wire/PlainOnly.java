package io.jollyboat.server.http.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;

/**
 * Hangs up at once on clients that begin with TLS on a plain port. Some try that first and come back without it; HTTP's
 * parser would wait for the end of a line that never comes.
 */
final class PlainOnly extends ChannelInboundHandlerAdapter {
    /** The record type that every TLS connection begins with (RFC 8446, section 5.1); no HTTP request does. */
    private static final int HANDSHAKE = 22;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ByteBuf bytes && bytes.isReadable()) {
            if (bytes.getByte(bytes.readerIndex()) == HANDSHAKE) {
                ReferenceCountUtil.release(message);
                ctx.close();
                return;
            }
            ctx.pipeline().remove(this);
        }
        ctx.fireChannelRead(message);
    }
}
