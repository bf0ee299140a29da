package io.jollyboat.server.http.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The event loop's side of a channel: an HTTP/1.1 connection, where one request follows another, or one HTTP/2 stream.
 * It cuts what comes into exchanges, starts each on a virtual thread and reads no further than somebody has asked.
 */
final class ExchangeHandler extends ChannelInboundHandlerAdapter {
    private final Listener listener;
    private final boolean http2;
    private @Nullable ChannelHandlerContext context;
    private @Nullable Outbound outbound;
    private @Nullable Exchange current; // of the event loop only
    private @Nullable HttpRequest next; // came while the current exchange was not over
    private @Nullable Future<?> deadline;

    ExchangeHandler(Listener listener, boolean http2) {
        this.listener = listener;
        this.http2 = http2;
    }

    Limits limits() {
        return listener.limits();
    }

    boolean stopping() {
        return listener.stopping();
    }

    boolean secure() {
        return listener.secure();
    }

    Peer peer(Channel channel) {
        return listener.peer(http2 ? channel.parent() : channel);
    }

    void start(String name, Runnable action) {
        listener.start(name, action);
    }

    /** Asks the channel for one more message; any thread may call it. */
    void ask() {
        ChannelHandlerContext ctx = context();
        ctx.executor().execute(ctx::read);
    }

    private ChannelHandlerContext context() {
        if (context == null) {
            throw new IllegalStateException("not in a pipeline");
        }
        return context;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        outbound = new Outbound(ctx.channel(), limits().writing());
        if (ctx.channel().isActive()) {
            awaitRequest(ctx);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        awaitRequest(ctx);
        ctx.fireChannelActive();
    }

    private void awaitRequest(ChannelHandlerContext ctx) {
        if (deadline == null && !http2) {
            deadline = ctx.executor().schedule(() -> ctx.close(), limits().idle().toMillis(), TimeUnit.MILLISECONDS);
        }
        ctx.read();
    }

    private void stopDeadline() {
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (message instanceof HttpRequest head) {
                if (current == null) {
                    begin(ctx, head);
                } else if (next == null) {
                    next = head;
                    return; // the rest of it waits in the flow control before us
                }
            }
            if (message instanceof HttpContent content && current != null) {
                content(ctx, current, content);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void begin(ChannelHandlerContext ctx, HttpRequest head) {
        stopDeadline();
        if (head.decoderResult().isFailure()) {
            refuse(ctx, head.decoderResult().cause());
            return;
        }
        if (outbound == null) {
            throw new IllegalStateException("not in a pipeline");
        }
        Exchange exchange = new Exchange(this, ctx.channel(), head, outbound, http2);
        try {
            Request request = new Request(head, exchange);
            current = exchange;
            listener.serve(exchange, request, new Response(exchange));
            ctx.read();
        } catch (IllegalArgumentException e) {
            refuse(ctx, e);
        }
    }

    private static void content(ChannelHandlerContext ctx, Exchange exchange, HttpContent content) {
        if (content.decoderResult().isFailure()) {
            ctx.close();
            return;
        }
        exchange.inbound().offer(content.content());
        if (content instanceof LastHttpContent) {
            exchange.inbound().end();
            ctx.read(); // notices when the client goes away, and keeps at most the head of the next request
        }
    }

    /** Answers what is no HTTP in plain text, and closes. */
    private static void refuse(ChannelHandlerContext ctx, Throwable cause) {
        HttpResponseStatus status = HttpResponseStatus.BAD_REQUEST;
        if (cause instanceof TooLongHttpLineException) {
            status = HttpResponseStatus.REQUEST_URI_TOO_LONG;
        } else if (cause instanceof TooLongHttpHeaderException) {
            status = HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE;
        }
        ByteBuf text = Unpooled.copiedBuffer(status + "\n", StandardCharsets.UTF_8);
        var response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, text);
        response.headers().set("content-type", "text/plain; charset=utf-8").set("connection", "close");
        response.headers().set("content-length", text.readableBytes());
        ctx.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
    }

    /** Is told from a virtual thread that an exchange is over and the channel may serve the next. */
    void done(Exchange exchange) {
        ChannelHandlerContext ctx = context();
        ctx.executor().execute(() -> {
            if (current == exchange) {
                current = null;
                HttpRequest head = next;
                next = null;
                if (head != null) {
                    begin(ctx, head);
                    ReferenceCountUtil.release(head);
                } else if (ctx.channel().isActive()) {
                    awaitRequest(ctx);
                }
            }
        });
    }

    /** Ends what goes on, since the server stops. */
    void stop() {
        ChannelHandlerContext ctx = context();
        ctx.executor().execute(() -> {
            if (current != null) {
                current.gone();
            } else {
                ctx.close();
            }
        });
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (outbound != null) {
            outbound.changed();
        }
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        stopDeadline();
        if (outbound != null) {
            outbound.changed();
        }
        if (current != null) {
            current.gone();
        }
        ReferenceCountUtil.release(next);
        next = null;
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }

    /** Answers 101 and takes HTTP out of the pipeline, in one step of the event loop. */
    Duplex switchProtocols(HttpHeaders headers, Outbound outbound) throws IOException {
        ChannelHandlerContext ctx = context();
        CompletableFuture<Duplex> switched = new CompletableFuture<>();
        ctx.executor().execute(() -> {
            if (!ctx.channel().isActive()) {
                switched.completeExceptionally(new ClientGoneException("the client went away"));
                return;
            }
            ctx.writeAndFlush(new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1,
                    HttpResponseStatus.SWITCHING_PROTOCOLS,
                    Unpooled.EMPTY_BUFFER,
                    headers,
                    DefaultHttpHeadersFactory.trailersFactory().newEmptyHeaders()));
            Exchange exchange = current;
            current = null;
            ChannelPipeline pipeline = ctx.pipeline();
            RawHandler raw = new RawHandler(outbound, exchange);
            pipeline.addLast(raw);
            pipeline.remove(ExchangeHandler.this);
            pipeline.remove(FlowControlHandler.class);
            pipeline.remove(HttpServerCodec.class);
            listener.switched(ExchangeHandler.this, raw);
            switched.complete(raw);
        });
        try {
            return switched.get();
        } catch (ExecutionException e) {
            throw new ClientGoneException(String.valueOf(e.getCause()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClientGoneException("cancelled");
        }
    }
}
