package io.jollyboat.server.http.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The answer to one request: a status and headers, then one body, whole or in parts. */
public final class Response {
    private static final int FIRST_PART = 2 << 10; // thousands of watches send little at a time
    private static final int PART = 32 << 10;
    private static final byte[] NOTHING = {};

    private final Exchange exchange;
    private final HttpHeaders headers = new DefaultHttpHeaders();
    private int status = 200;
    private boolean committed;
    private boolean complete;
    private long sent;
    private @Nullable Parts parts;

    Response(Exchange exchange) {
        this.exchange = exchange;
    }

    public Response status(int status) {
        this.status = status;
        return this;
    }

    public int status() {
        return status;
    }

    public Response header(String name, String value) {
        headers.set(name, value);
        return this;
    }

    /** The first header of that name as it was set, "" when there is none. */
    public String header(String name) {
        String value = headers.get(name);
        return value == null ? "" : value;
    }

    public boolean hasHeader(String name) {
        return headers.contains(name);
    }

    /** Adds a header beside those of the same name. */
    public Response addHeader(String name, String value) {
        headers.add(name, value);
        return this;
    }

    public void removeHeader(String name) {
        headers.remove(name);
    }

    /** Whether the head is on its way, so that status and headers can change no more. */
    public boolean committed() {
        return committed;
    }

    /** How many bytes of the body are on their way. */
    public long sent() {
        return sent;
    }

    /** Answers with a whole body. */
    public void send(byte[] body) throws IOException {
        commit();
        complete = true;
        boolean bodyless = exchange.isHead() || status == 304 || status == 204;
        var response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(status),
                bodyless ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(body),
                headers,
                DefaultHttpHeadersFactory.trailersFactory().newEmptyHeaders());
        if (status != 304 && status != 204) {
            headers.set("content-length", body.length);
        }
        sent = bodyless ? 0 : body.length;
        exchange.send(response);
    }

    /**
     * Answers with a body in parts. Each {@code flush} sends what was written so far; a write waits while the client
     * does not read. Closing the stream ends the answer.
     *
     * @throws ClientGoneException from its methods when the client has gone or is too slow
     */
    public Parts stream() throws IOException {
        commit();
        var response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), headers);
        if (exchange.chunked() && !headers.contains("content-length")) {
            headers.set("transfer-encoding", "chunked");
        }
        exchange.send(response);
        Parts begun = new Parts();
        parts = begun;
        return begun;
    }

    /**
     * Answers 101 and turns the connection into a plain two-way stream of bytes.
     *
     * @throws IllegalStateException over HTTP/2, where there is none: ask {@link #canSwitch} first
     */
    public Duplex switchProtocols() throws IOException {
        if (!canSwitch()) {
            throw new IllegalStateException("an HTTP/2 stream cannot change its protocol");
        }
        commit();
        complete = true;
        return exchange.switchProtocols(headers);
    }

    /** Whether the connection can be handed over to another protocol. */
    public boolean canSwitch() {
        return exchange.canSwitch();
    }

    /** Ends what the handler left open. */
    void finish() throws IOException {
        if (!complete) {
            parts().close();
        }
    }

    private OutputStream parts() {
        if (parts == null) {
            throw new IllegalStateException("the answer has not begun");
        }
        return parts;
    }

    private void commit() {
        if (committed) {
            throw new IllegalStateException("the answer has begun already");
        }
        committed = true;
    }

    /** A body in parts. What was written or shared is gathered until it is enough, or flushed. */
    public final class Parts extends OutputStream {
        private final List<ByteBuf> gathered = new ArrayList<>(); // sent with the next flush, before what is in buffer
        private int gatheredBytes;
        private byte[] buffer = NOTHING;
        private int filled;

        private Parts() {}

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] source, int offset, int length) throws IOException {
            if (filled + length > buffer.length && buffer.length < PART) {
                int wider = Math.max(FIRST_PART, Math.max(filled + length, 2 * buffer.length));
                buffer = Arrays.copyOf(buffer, Math.min(PART, wider));
            }
            int done = 0;
            while (done < length) {
                int count = Math.min(length - done, buffer.length - filled);
                System.arraycopy(source, offset + done, buffer, filled, count);
                filled += count;
                done += count;
                if (filled == buffer.length) {
                    flush();
                }
            }
        }

        /** Writes what nobody will change any more: the bytes are not copied, so many answers can share them. */
        public void writeShared(byte[] whole) throws IOException {
            gather();
            gathered.add(Unpooled.wrappedBuffer(whole));
            gatheredBytes += whole.length;
            if (gatheredBytes >= PART) {
                flush();
            }
        }

        private void gather() {
            if (filled > 0) {
                gathered.add(Unpooled.wrappedBuffer(Arrays.copyOf(buffer, filled)));
                gatheredBytes += filled;
                filled = 0;
            }
        }

        @Override
        public void flush() throws IOException {
            gather();
            if (gathered.isEmpty()) {
                return;
            }
            ByteBuf part = Unpooled.wrappedBuffer(gathered.size(), gathered.toArray(ByteBuf[]::new));
            gathered.clear();
            gatheredBytes = 0;
            if (!complete && !exchange.isHead()) {
                sent += part.readableBytes();
                exchange.send(new DefaultHttpContent(part));
            }
        }

        @Override
        public void close() throws IOException {
            flush();
            if (!complete) {
                complete = true;
                exchange.send(LastHttpContent.EMPTY_LAST_CONTENT);
            }
        }
    }
}
