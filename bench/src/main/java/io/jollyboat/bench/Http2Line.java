package io.jollyboat.bench;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * HTTP/2, several clients to a connection: just enough of it (RFC 9113, headers by RFC 7541 without compression) to ask
 * an API server as well as, over gRPC, an etcd.
 */
final class Http2Line implements Line {
    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    private static final int BUFFER = 64 << 10;
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RESET = 3;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int GOAWAY = 7;
    private static final int WINDOW_UPDATE = 8;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;
    private static final int ACK = 1;
    private static final int INITIAL_WINDOW_SIZE = 4; // a setting
    private static final int WINDOW = Integer.MAX_VALUE;
    private static final int FIRST_WINDOW = 65_535;
    private static final int STATUS_200 = 0x88; // the header ":status: 200" in one byte
    private static final int OLDEST_RESIZE = 0x20; // of the table of headers: bits that come before the first header
    private static final int NEWEST_RESIZE = 0x3f;

    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;
    private final List<Ask> asks;
    private final List<byte[]> heads = new ArrayList<>();
    private final Map<Integer, Integer> slots = new HashMap<>(); // by stream
    private int nextStream = 1;
    private long received; // bytes since the window was opened last

    Http2Line(Socket socket, String scheme, List<Ask> asks) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), BUFFER));
        this.out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream(), BUFFER));
        this.asks = List.copyOf(asks);
        asks.forEach(ask -> heads.add(head(scheme, ask)));
        out.writeBytes(PREFACE);
        begin(6, SETTINGS, 0, 0);
        out.writeShort(INITIAL_WINDOW_SIZE);
        out.writeInt(WINDOW);
        openWindow(WINDOW - FIRST_WINDOW);
    }

    private static byte[] head(String scheme, Ask ask) {
        StringBuilder block = new StringBuilder();
        header(block, ":method", ask.method());
        header(block, ":scheme", scheme);
        header(block, ":path", ask.path());
        header(block, ":authority", "127.0.0.1");
        header(block, "user-agent", "bench/1");
        if (!ask.type().isEmpty()) {
            header(block, "content-type", ask.type());
        }
        if (ask.gzip()) {
            header(block, "accept-encoding", "gzip");
        }
        if (ask.type().equals("application/grpc")) {
            header(block, "te", "trailers");
        }
        return block.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** A header as it is, to be remembered by nobody (RFC 7541, 6.2.2). */
    private static void header(StringBuilder block, String name, String value) {
        block.append((char) 0);
        text(block, name);
        text(block, value);
    }

    private static void text(StringBuilder block, String text) {
        if (text.length() >= 127) {
            throw new IllegalArgumentException("longer than one byte can say");
        }
        block.append((char) text.length()).append(text);
    }

    @Override
    public void ask(int slot, int number) throws IOException {
        Ask ask = asks.get(slot);
        byte[] head = heads.get(slot);
        byte[] body = ask.body();
        int stream = nextStream;
        nextStream += 2;
        slots.put(stream, slot);
        begin(head.length, HEADERS, END_HEADERS | (body.length == 0 ? END_STREAM : 0), stream);
        out.write(head);
        if (body.length > 0) {
            ask.number(body, 0, number);
            begin(body.length, DATA, END_STREAM, stream);
            out.write(body);
        }
    }

    @Override
    public int answered() throws IOException {
        out.flush();
        while (true) {
            int lengthAndType = in.readInt();
            int length = lengthAndType >>> 8;
            int flags = in.readUnsignedByte();
            int stream = in.readInt() & Integer.MAX_VALUE;
            if (frame(lengthAndType & 0xff, length, flags) && (flags & END_STREAM) != 0) {
                return Objects.requireNonNull(slots.remove(stream), "an answer to no question");
            }
        }
    }

    /** Takes a frame; true for one that carries an answer. */
    private boolean frame(int type, int length, int flags) throws IOException {
        switch (type) {
            case DATA -> {
                in.skipNBytes(length);
                received += length;
                if (received > WINDOW / 2) {
                    openWindow((int) received);
                    out.flush();
                    received = 0;
                }
                return true;
            }
            case HEADERS -> {
                check(in.readNBytes(length), (flags & END_STREAM) != 0);
                return true;
            }
            case RESET, GOAWAY -> throw new IllegalStateException("the server broke off: frame " + type);
            case SETTINGS, PING -> acknowledge(type, in.readNBytes(length), flags);
            default -> in.skipNBytes(length);
        }
        return false;
    }

    /** The first headers must say 200; the last, those of gRPC, came after a body when all went well. */
    private static void check(byte[] block, boolean last) {
        int start = 0;
        while (block[start] >= OLDEST_RESIZE && block[start] <= NEWEST_RESIZE) {
            start++;
        }
        if (!last && (block[start] & 0xff) != STATUS_200) {
            throw new IllegalStateException("not 200: " + new String(block, StandardCharsets.ISO_8859_1));
        }
    }

    private void acknowledge(int type, byte[] content, int flags) throws IOException {
        if ((flags & ACK) == 0) {
            byte[] answer = type == PING ? content : new byte[0];
            begin(answer.length, type, ACK, 0);
            out.write(answer);
            out.flush();
        }
    }

    private void openWindow(int by) throws IOException {
        begin(4, WINDOW_UPDATE, 0, 0);
        out.writeInt(by);
    }

    private void begin(int length, int type, int flags, int stream) throws IOException {
        out.writeInt(length << 8 | type);
        out.writeByte(flags);
        out.writeInt(stream);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
