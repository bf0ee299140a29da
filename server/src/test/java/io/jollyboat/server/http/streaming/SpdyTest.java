package io.jollyboat.server.http.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.spdy.DefaultSpdyDataFrame;
import io.netty.handler.codec.spdy.DefaultSpdyPingFrame;
import io.netty.handler.codec.spdy.DefaultSpdySynStreamFrame;
import io.netty.handler.codec.spdy.SpdyDataFrame;
import io.netty.handler.codec.spdy.SpdyFrameCodec;
import io.netty.handler.codec.spdy.SpdyPingFrame;
import io.netty.handler.codec.spdy.SpdySynReplyFrame;
import io.netty.handler.codec.spdy.SpdyVersion;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** SPDY/3.1 byte for byte, with Netty's codec on the client's side. */
class SpdyTest {
    private final EmbeddedChannel client = new EmbeddedChannel(new SpdyFrameCodec(SpdyVersion.SPDY_3_1));
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();

    private void send(Object frame) {
        client.writeOutbound(frame);
        for (ByteBuf bytes; (bytes = client.readOutbound()) != null; ) {
            byte[] copy = new byte[bytes.readableBytes()];
            bytes.readBytes(copy);
            bytes.release();
            sent.writeBytes(copy);
        }
    }

    private void open(int id, String type) {
        DefaultSpdySynStreamFrame syn = new DefaultSpdySynStreamFrame(id, 0, (byte) 0);
        syn.headers().add("streamtype", type);
        syn.headers().add("port", "80");
        send(syn);
    }

    private void send(int id, String text, boolean last) {
        DefaultSpdyDataFrame part = new DefaultSpdyDataFrame(id, Unpooled.copiedBuffer(text, StandardCharsets.UTF_8));
        part.setLast(last);
        send(part);
    }

    private List<Object> received(byte[] bytes) {
        client.writeInbound(Unpooled.copiedBuffer(bytes));
        List<Object> frames = new ArrayList<>();
        for (Object frame; (frame = client.readInbound()) != null; ) {
            frames.add(frame);
        }
        return frames;
    }

    /** One byte at a time, as a client may cut them. */
    private static InputStream byteByByte(byte[] bytes) {
        return new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] target, int offset, int length) {
                return super.read(target, offset, Math.min(1, length));
            }
        };
    }

    @Test
    void streamsAreOpenedReadAndEndedHoweverTheBytesAreCut() throws IOException {
        open(1, "error");
        open(3, "data");
        send(3, "hello", true);
        send(new DefaultSpdyPingFrame(7));
        ByteArrayOutputStream answers = new ByteArrayOutputStream();
        List<Spdy.Stream> streams = new ArrayList<>();
        Spdy spdy = new Spdy(byteByByte(sent.toByteArray()), answers);
        spdy.run(streams::add);
        assertThat(streams).extracting(s -> s.header("streamtype")).containsExactly("error", "data");
        assertThat(streams.get(1).header("port")).isEqualTo("80");
        assertThat(new String(streams.get(1).input().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("hello");
        streams.get(1).write("answer".getBytes(StandardCharsets.UTF_8));
        streams.get(1).close();
        List<Object> frames = received(answers.toByteArray());
        assertThat(frames).hasSize(5);
        assertThat(frames.get(0)).isInstanceOf(SpdySynReplyFrame.class);
        assertThat(frames.get(1)).isInstanceOf(SpdySynReplyFrame.class);
        assertThat(((SpdyPingFrame) frames.get(2)).id()).isEqualTo(7);
        SpdyDataFrame answer = (SpdyDataFrame) frames.get(3);
        assertThat(answer.content().toString(StandardCharsets.UTF_8)).isEqualTo("answer");
        assertThat(((SpdyDataFrame) frames.get(4)).isLast()).isTrue();
    }
}
