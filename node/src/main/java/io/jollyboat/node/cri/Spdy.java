package io.jollyboat.node.cri;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.Deflater;

/**
 * The little of SPDY/3.1 that it takes to speak with containerd's streaming server: to open streams, to send data, to
 * read frames. Header blocks from the other side are skipped, for they say nothing that is needed, and ours are deflated
 * without SPDY's dictionary, which zlib allows.
 *
 * <p>It sends no WINDOW_UPDATE: containerd does not read them, and closes with them unread, which costs output.
 *
 * <p>Source: "SPDY Protocol - Draft 3.1".
 */
final class Spdy {
    private static final int VERSION = 0x8003;
    private static final int SYN_STREAM = 1;
    private static final int RST_STREAM = 3;
    private static final int PING = 6;
    private static final int FIN = 1;

    private final DataInputStream in;
    private final OutputStream out; // guarded by itself
    private final Deflater deflater = new Deflater();
    private int nextStream = 1;

    Spdy(InputStream in, OutputStream out) {
        this.in = new DataInputStream(in);
        this.out = out;
    }

    /**
     * A piece of data of a stream.
     *
     * @param last whether the stream has ended with it
     */
    record Piece(int stream, byte[] bytes, boolean last) {}

    /** Opens a stream of a kind that Kubernetes' protocol names: {@code stdin}, {@code error}, …; gives its number. */
    int open(String kind) throws IOException {
        synchronized (out) {
            int stream = nextStream;
            nextStream += 2;
            byte[] headers = deflate(block("streamtype", kind));
            var frame = new ByteArrayOutputStream();
            var data = new DataOutputStream(frame);
            control(data, SYN_STREAM, 10 + headers.length);
            data.writeInt(stream);
            data.writeInt(0);
            data.writeShort(0);
            data.write(headers);
            out.write(frame.toByteArray());
            out.flush();
            return stream;
        }
    }

    void send(int stream, byte[] bytes, int at, int length, boolean last) throws IOException {
        synchronized (out) {
            var frame = new ByteArrayOutputStream(8 + length);
            var data = new DataOutputStream(frame);
            data.writeInt(stream);
            data.writeInt((last ? FIN << 24 : 0) | length);
            data.write(bytes, at, length);
            out.write(frame.toByteArray());
            out.flush();
        }
    }

    /**
     * The next data, or end of a stream.
     *
     * @throws EOFException when the other side has closed
     */
    Piece next() throws IOException {
        while (true) {
            int head = in.readInt();
            int flagsAndLength = in.readInt();
            byte[] body = in.readNBytes(flagsAndLength & 0xffffff);
            boolean last = (flagsAndLength >>> 24 & FIN) != 0;
            if (head >= 0) {
                return new Piece(head, body, last);
            }
            switch (head & 0xffff) {
                case RST_STREAM -> {
                    return new Piece(number(body), new byte[0], true);
                }
                case PING -> {
                    synchronized (out) {
                        var frame = new ByteArrayOutputStream();
                        var data = new DataOutputStream(frame);
                        control(data, PING, body.length);
                        data.write(body);
                        out.write(frame.toByteArray());
                        out.flush();
                    }
                }
                default -> {} // replies to our streams, settings, and farewells
            }
        }
    }

    private static int number(byte[] body) {
        return java.nio.ByteBuffer.wrap(body).getInt();
    }

    private static void control(DataOutputStream data, int type, int length) throws IOException {
        data.writeShort(VERSION);
        data.writeShort(type);
        data.writeInt(length);
    }

    private static byte[] block(String name, String value) throws IOException {
        var block = new ByteArrayOutputStream();
        var data = new DataOutputStream(block);
        data.writeInt(1);
        for (String text : new String[] {name, value}) {
            byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
            data.writeInt(bytes.length);
            data.write(bytes);
        }
        return block.toByteArray();
    }

    /** All blocks of a connection are one zlib stream, flushed after each. */
    private byte[] deflate(byte[] block) {
        deflater.setInput(block);
        var out = new ByteArrayOutputStream();
        byte[] buffer = new byte[256];
        int count;
        do {
            count = deflater.deflate(buffer, 0, buffer.length, Deflater.SYNC_FLUSH);
            out.write(buffer, 0, count);
        } while (count == buffer.length);
        return out.toByteArray();
    }

    void end() {
        deflater.end();
    }
}
