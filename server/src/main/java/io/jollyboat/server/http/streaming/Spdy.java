package io.jollyboat.server.http.streaming;

import io.jollyboat.world.Pipe;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.spdy.DefaultSpdyDataFrame;
import io.netty.handler.codec.spdy.DefaultSpdyGoAwayFrame;
import io.netty.handler.codec.spdy.DefaultSpdyPingFrame;
import io.netty.handler.codec.spdy.DefaultSpdyRstStreamFrame;
import io.netty.handler.codec.spdy.DefaultSpdySynReplyFrame;
import io.netty.handler.codec.spdy.DefaultSpdyWindowUpdateFrame;
import io.netty.handler.codec.spdy.SpdyDataFrame;
import io.netty.handler.codec.spdy.SpdyFrameCodec;
import io.netty.handler.codec.spdy.SpdyPingFrame;
import io.netty.handler.codec.spdy.SpdyRstStreamFrame;
import io.netty.handler.codec.spdy.SpdySessionStatus;
import io.netty.handler.codec.spdy.SpdyStreamStatus;
import io.netty.handler.codec.spdy.SpdySynStreamFrame;
import io.netty.handler.codec.spdy.SpdyVersion;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The server's end of a SPDY/3.1 connection. One thread runs {@link #run}; any may write to streams.
 *
 * <p>The clients that still speak SPDY (Go's spdystream) neither grant windows nor heed them. So nothing that is sent
 * waits for a window, the connection itself holds a fast sender back; what is received is granted again as soon as a
 * stream's pipe has taken it, for clients that do count.
 */
final class Spdy {
    private static final int CHUNK = 16 << 10;
    private static final int HEADERS = 16 << 10;
    private static final int PIPE = 256 << 10;
    private static final int GRANT = 32 << 10;
    private static final int MOST_STREAMS = 2000;

    private final InputStream input;
    private final OutputStream output;
    private final EmbeddedChannel decoder = codec();
    private final EmbeddedChannel encoder = codec(); // guarded by sending
    private final ReentrantLock sending = new ReentrantLock();
    private final Map<Integer, Stream> streams = new ConcurrentHashMap<>();
    private int sessionTaken;

    /** Is told of each stream that the client opens, on the thread that reads: it must not wait. */
    @FunctionalInterface
    interface Opened {
        void opened(Stream stream);
    }

    Spdy(InputStream input, OutputStream output) {
        this.input = input;
        this.output = output;
    }

    private static EmbeddedChannel codec() {
        return new EmbeddedChannel(new SpdyFrameCodec(SpdyVersion.SPDY_3_1, CHUNK, HEADERS, 6, 15, 8, false));
    }

    /** Reads until the client has gone; the input of all streams has then ended. */
    void run(Opened opened) throws IOException {
        try {
            byte[] buffer = new byte[CHUNK];
            for (int count; (count = input.read(buffer)) >= 0; ) {
                decoder.writeInbound(Unpooled.copiedBuffer(buffer, 0, count));
                for (Object frame; (frame = decoder.readInbound()) != null; ) {
                    take(frame, opened);
                }
            }
        } catch (IOException e) {
            throw e;
        } catch (Exception e) { // Netty's codec throws checked ones without saying so
            throw new IOException("the client does not speak SPDY/3.1: " + e.getMessage(), e);
        } finally {
            streams.values().forEach(stream -> stream.pipe.end());
            release(decoder);
        }
    }

    /** What the codec finds broken at its end is no news any more. */
    private static void release(EmbeddedChannel codec) {
        codec.pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {}
        });
        codec.finishAndReleaseAll();
    }

    private void take(Object frame, Opened opened) throws IOException {
        try {
            switch (frame) {
                case SpdySynStreamFrame syn -> open(syn, opened);
                case SpdyDataFrame part -> receive(part);
                case SpdyRstStreamFrame reset -> {
                    Stream stream = streams.remove(reset.streamId());
                    if (stream != null) {
                        stream.pipe.end();
                    }
                }
                case SpdyPingFrame ping -> {
                    if (ping.id() % 2 != 0) {
                        send(new DefaultSpdyPingFrame(ping.id()));
                    }
                }
                default -> {
                    // GOAWAY, SETTINGS, WINDOW_UPDATE and HEADERS change nothing here
                }
            }
        } finally {
            ReferenceCountUtil.release(frame);
        }
    }

    private void open(SpdySynStreamFrame syn, Opened opened) throws IOException {
        if (streams.size() >= MOST_STREAMS) {
            send(new DefaultSpdyRstStreamFrame(syn.streamId(), SpdyStreamStatus.REFUSED_STREAM));
            return;
        }
        Map<String, String> headers = new HashMap<>();
        syn.headers()
                .forEach(h -> headers.put(
                        h.getKey().toString().toLowerCase(Locale.ROOT),
                        h.getValue().toString()));
        Stream stream = new Stream(syn.streamId(), headers);
        streams.put(stream.id, stream);
        var reply = new DefaultSpdySynReplyFrame(stream.id);
        // without any header Netty leaves the block out, and Go's reader takes a reply without block for broken
        reply.headers().set("accepted", "yes");
        send(reply);
        if (syn.isLast()) {
            stream.pipe.end();
        }
        opened.opened(stream);
    }

    private void receive(SpdyDataFrame part) throws IOException {
        byte[] bytes = new byte[part.content().readableBytes()];
        part.content().readBytes(bytes);
        Stream stream = streams.get(part.streamId());
        if (stream != null) {
            stream.pipe.write(bytes, 0, bytes.length);
            stream.taken += bytes.length;
            if (part.isLast()) {
                stream.pipe.end();
            } else if (stream.taken >= GRANT) {
                send(new DefaultSpdyWindowUpdateFrame(stream.id, stream.taken));
                stream.taken = 0;
            }
        }
        sessionTaken += bytes.length;
        if (sessionTaken >= GRANT) {
            send(new DefaultSpdyWindowUpdateFrame(0, sessionTaken));
            sessionTaken = 0;
        }
    }

    private void send(Object frame) throws IOException {
        sending.lock();
        try {
            encoder.writeOutbound(frame);
            for (ByteBuf bytes; (bytes = encoder.readOutbound()) != null; ) {
                byte[] copy = new byte[bytes.readableBytes()];
                bytes.readBytes(copy);
                bytes.release();
                output.write(copy);
            }
        } finally {
            sending.unlock();
        }
    }

    /** Tells the client that no further stream is welcome, as the last word. */
    void goAway() throws IOException {
        send(new DefaultSpdyGoAwayFrame(
                streams.keySet().stream().mapToInt(Integer::intValue).max().orElse(0), SpdySessionStatus.OK));
    }

    /** One stream of the connection: what the client sends is read from it, what it gets is written to it. */
    final class Stream extends OutputStream {
        private final int id;
        private final Map<String, String> headers;
        private final Pipe pipe = new Pipe(PIPE);
        private int taken;
        private volatile boolean ended;

        private Stream(int id, Map<String, String> headers) {
            this.id = id;
            this.headers = Map.copyOf(headers);
        }

        int id() {
            return id;
        }

        /** By lower-case name, "" when there is none. */
        String header(String name) {
            return headers.getOrDefault(name, "");
        }

        /** Ends when the client has ended or reset the stream, or has gone. */
        InputStream input() {
            return pipe;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] source, int offset, int length) throws IOException {
            for (int done = 0; done < length && !ended; done += CHUNK) {
                int part = Math.min(CHUNK, length - done);
                send(new DefaultSpdyDataFrame(id, Unpooled.copiedBuffer(source, offset + done, part)));
            }
        }

        /** Tells the client that nothing more comes; what the client sends is still read. */
        @Override
        public void close() throws IOException {
            if (!ended) {
                ended = true;
                DefaultSpdyDataFrame last = new DefaultSpdyDataFrame(id);
                last.setLast(true);
                send(last);
            }
        }

        /** Forgets the stream, when both sides are done with it. */
        void forget() {
            streams.remove(id);
            pipe.close();
        }
    }
}
