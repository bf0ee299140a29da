package io.jollyboat.server.http.wire;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;

/** One request and its answer on a channel: where the event loop's world and the virtual thread's meet. */
final class Exchange {
    private final ExchangeHandler handler;
    private final Channel channel;
    private final HttpRequest head;
    private final Inbound inbound;
    private final Outbound outbound;
    private final boolean http2;
    private final List<Runnable> whenGone = new ArrayList<>(); // guarded by itself, with the two flags
    private boolean gone;
    private boolean finished;
    private boolean continued;
    private boolean switched;

    Exchange(ExchangeHandler handler, Channel channel, HttpRequest head, Outbound outbound, boolean http2) {
        this.handler = handler;
        this.channel = channel;
        this.head = head;
        this.outbound = outbound;
        this.http2 = http2;
        this.inbound = new Inbound(() -> handler.ask(this), handler.limits().reading());
    }

    HttpRequest head() {
        return head;
    }

    Inbound inbound() {
        return inbound;
    }

    /** The body; a client that waits for a word before it sends one gets it now. */
    Inbound body() throws IOException {
        if (HttpUtil.is100ContinueExpected(head) && !continued) {
            continued = true;
            outbound.write(new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
        }
        return inbound;
    }

    boolean isHead() {
        return head.method().name().equals("HEAD");
    }

    /** Whether parts may be sent one after another with their lengths; HTTP/1.0 ends a body by closing. */
    boolean chunked() {
        return !http2 && !head.protocolVersion().equals(HttpVersion.HTTP_1_0);
    }

    boolean canSwitch() {
        return !http2;
    }

    Peer peer() {
        return handler.peer(channel);
    }

    boolean secure() {
        return handler.secure();
    }

    InetSocketAddress localAddress() {
        return address(connection().localAddress());
    }

    InetSocketAddress remoteAddress() {
        return address(connection().remoteAddress());
    }

    private static InetSocketAddress address(SocketAddress address) {
        return address instanceof InetSocketAddress inet ? inet : InetSocketAddress.createUnresolved("unknown", 0);
    }

    private Channel connection() {
        return http2 ? channel.parent() : channel;
    }

    void send(Object message) throws IOException {
        if (message instanceof HttpResponse response && !http2) {
            HttpUtil.setKeepAlive(response, keepsAlive());
        }
        outbound.write(message);
    }

    private boolean keepsAlive() {
        boolean unsent = HttpUtil.is100ContinueExpected(head) && !continued;
        return HttpUtil.isKeepAlive(head) && !unsent && chunked() && !handler.stopping();
    }

    Duplex switchProtocols(HttpHeaders headers) throws IOException {
        switched = true;
        return handler.switchProtocols(headers, outbound);
    }

    void whenGone(Runnable action) {
        synchronized (whenGone) {
            if (finished) {
                return;
            }
            if (!gone) {
                whenGone.add(action);
                return;
            }
        }
        handler.start("after a client", action);
    }

    /** Is told that the client has gone or the server stops; what is left of the body need not be waited for then. */
    void gone() {
        List<Runnable> actions;
        synchronized (whenGone) {
            if (gone) {
                return;
            }
            gone = true;
            actions = List.copyOf(whenGone);
            whenGone.clear();
        }
        inbound.gone();
        for (Runnable action : actions) {
            handler.start("after a client", action);
        }
    }

    /** Breaks off: the client learns from the closed connection that the answer is not whole. */
    void abort() {
        channel.close();
    }

    /** Is called on the virtual thread when nothing more is to be said: makes the channel ready for the next. */
    void finish() {
        synchronized (whenGone) {
            finished = true;
            whenGone.clear();
        }
        if (switched || !channel.isActive()) {
            handler.done(this);
            return;
        }
        boolean drained = false;
        try {
            boolean unsent = HttpUtil.is100ContinueExpected(head) && !continued;
            drained = inbound.complete()
                    || !unsent && inbound.drain(handler.limits().unread());
        } catch (IOException e) {
            channel.close();
        }
        if (!drained && http2) {
            handler.closeAfter(new DefaultHttp2ResetFrame(Http2Error.NO_ERROR));
        } else if (!drained || !http2 && !keepsAlive()) {
            handler.closeAfter(Unpooled.EMPTY_BUFFER);
        } else {
            handler.done(this);
        }
    }
}
