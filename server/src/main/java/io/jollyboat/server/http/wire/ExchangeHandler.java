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
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The event loop's side of a channel: an HTTP/1.1 connection, where one request follows another, or one HTTP/2 stream.
 * It cuts what comes into exchanges, starts each on a virtual thread and reads no further than somebody has asked.
 */
final class ExchangeHandler extends ChannelInboundHandlerAdapter {
    private static final Duration SWITCH_LIMIT = Duration.ofSeconds(10);

    private final Listener listener;
    private final boolean http2;
    private @Nullable ChannelHandlerContext context;
    private @Nullable Outbound outbound;
    private @Nullable Exchange current; // of the event loop only
    private final Deque<Object> arrived = new ArrayDeque<>(); // at most what one read of the socket brings
    private boolean wanted; // somebody asked for the next message
    private boolean delivering;
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

    /** Asks the channel for one more part of an exchange's body; any thread may call it. */
    void ask(Exchange exchange) {
        ChannelHandlerContext ctx = context();
        onLoop(ctx, () -> {
            // an exchange whose body is whole must not take what belongs to the next
            if (current == exchange && !exchange.inbound().complete()) {
                want(ctx);
            }
        });
    }

    /** Runs on the event loop, unless that has been shut down together with the channel. */
    static void onLoop(ChannelHandlerContext ctx, Runnable action) {
        try {
            ctx.executor().execute(action);
        } catch (RejectedExecutionException e) {
            ctx.close();
        }
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
            deadline =
                    ctx.executor().schedule(() -> ctx.close(), limits().idle().toMillis(), TimeUnit.MILLISECONDS);
        }
        want(ctx);
    }

    /** Has the next message delivered: one that came already, or the first that the channel brings. */
    private void want(ChannelHandlerContext ctx) {
        wanted = true;
        deliver(ctx);
        if (wanted && arrived.isEmpty()) {
            ctx.read();
        }
    }

    private void deliver(ChannelHandlerContext ctx) {
        if (delivering) {
            return;
        }
        delivering = true;
        try {
            while (wanted && mayTake()) {
                wanted = false;
                take(ctx, arrived.remove());
            }
        } finally {
            delivering = false;
        }
    }

    /** The head of the next request waits until the current exchange is over. */
    private boolean mayTake() {
        return !arrived.isEmpty() && !(current != null && arrived.peek() instanceof HttpRequest);
    }

    private void stopDeadline() {
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        arrived.add(message);
        deliver(ctx);
    }

    /** What was read may have been less than a message: then the one who wants it still waits. */
    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (wanted && arrived.isEmpty()) {
            ctx.read();
        }
        ctx.fireChannelReadComplete();
    }

    private void take(ChannelHandlerContext ctx, Object message) {
        try {
            if (message instanceof HttpRequest head) {
                begin(ctx, head);
            }
            if (message instanceof HttpContent content && current != null) {
                content(ctx, current, content);
            } else if (!(message instanceof HttpRequest)) {
                want(ctx);
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
            want(ctx);
        } catch (IllegalArgumentException e) {
            refuse(ctx, e);
        }
    }

    private void content(ChannelHandlerContext ctx, Exchange exchange, HttpContent content) {
        if (content.decoderResult().isFailure()) {
            ctx.close();
            return;
        }
        exchange.inbound().offer(content.content());
        if (content instanceof LastHttpContent) {
            exchange.inbound().end();
            want(ctx); // notices when the client goes away, and keeps at most what one read brings
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
        onLoop(ctx, () -> {
            if (current == exchange) {
                current = null;
                if (ctx.channel().isActive()) {
                    awaitRequest(ctx);
                }
            }
        });
    }

    /** Is told from a virtual thread what is the last to be sent; the server may have stopped meanwhile. */
    void closeAfter(Object last) {
        ChannelHandlerContext ctx = context();
        onLoop(ctx, () -> ctx.channel().writeAndFlush(last).addListener(ChannelFutureListener.CLOSE));
    }

    /** Ends what goes on, since the server stops. */
    void stop() {
        ChannelHandlerContext ctx = context();
        onLoop(ctx, () -> {
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
        arrived.forEach(ReferenceCountUtil::release);
        arrived.clear();
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
        onLoop(ctx, () -> {
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
            pipeline.remove(HttpServerCodec.class);
            listener.switched(ExchangeHandler.this, raw);
            switched.complete(raw);
        });
        try {
            return switched.get(SWITCH_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new ClientGoneException("the connection was lost: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClientGoneException("cancelled");
        }
    }
}
