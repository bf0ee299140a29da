package io.jollyboat.server.http.streaming;

import io.jollyboat.server.http.wire.Duplex;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** The server's end of a WebSocket (RFC 6455). One thread receives; any may send. */
final class WebSocket {
    static final int NORMAL = 1000;
    static final int PROTOCOL_ERROR = 1002;
    static final int TOO_BIG = 1009;
    static final int INTERNAL_ERROR = 1011;

    private static final String KEY_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int MESSAGE_LIMIT = 4 << 20;
    private static final int CONTROL_LIMIT = 125;
    private static final int FINAL = 0x80;
    private static final int MASKED = 0x80;
    private static final int CONTINUATION = 0;
    private static final int TEXT = 1;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;

    private final Duplex connection;
    private final DataInputStream input;
    private final OutputStream output;
    private final ReentrantLock sending = new ReentrantLock(); // keeps frames apart, and guards closed
    private boolean closed;

    WebSocket(Duplex connection) {
        this.connection = connection;
        this.input = new DataInputStream(connection.input());
        this.output = connection.output();
    }

    /** The answer to a client's {@code Sec-WebSocket-Key}. */
    static String accept(String key) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-1").digest((key + KEY_SUFFIX).getBytes(StandardCharsets.ISO_8859_1));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }

    private record Frame(boolean last, int opcode, byte[] payload) {}

    /** The next whole message; empty when the client has closed or gone, or broken the protocol. Answers pings. */
    Optional<byte[]> receive() throws IOException {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        try {
            while (true) {
                Frame frame = frame();
                switch (frame.opcode) {
                    case CONTINUATION, TEXT, BINARY -> message.write(frame.payload);
                    case PING -> send(PONG, frame.payload, frame.payload.length);
                    case PONG -> {}
                    case CLOSE -> {
                        close(NORMAL);
                        return Optional.empty();
                    }
                    default -> throw new Broken(PROTOCOL_ERROR);
                }
                if (message.size() > MESSAGE_LIMIT) {
                    throw new Broken(TOO_BIG);
                }
                if (frame.last && frame.opcode <= BINARY) {
                    return Optional.of(message.toByteArray());
                }
            }
        } catch (EOFException e) {
            return Optional.empty();
        } catch (Broken e) {
            close(e.code);
            return Optional.empty();
        }
    }

    private Frame frame() throws IOException {
        int first = input.readUnsignedByte();
        int second = input.readUnsignedByte();
        boolean control = (first & 0x8) != 0;
        long length = second & 0x7f;
        if (length == 126) {
            length = input.readUnsignedShort();
        } else if (length == 127) {
            length = input.readLong();
        }
        if ((first & 0x70) != 0 || (second & MASKED) == 0 || control && (length > CONTROL_LIMIT || first < FINAL)) {
            throw new Broken(PROTOCOL_ERROR);
        }
        if (length < 0 || length > MESSAGE_LIMIT) {
            throw new Broken(TOO_BIG);
        }
        byte[] mask = input.readNBytes(4);
        byte[] payload = input.readNBytes((int) length);
        if (mask.length < 4 || payload.length < length) {
            throw new EOFException();
        }
        for (int i = 0; i < payload.length; i++) {
            payload[i] ^= mask[i & 3];
        }
        return new Frame((first & FINAL) != 0, first & 0xf, payload);
    }

    /** Sends one binary message. */
    void send(byte[] payload, int length) throws IOException {
        send(BINARY, payload, length);
    }

    void sendText(String text) throws IOException {
        sendText(text.getBytes(StandardCharsets.UTF_8));
    }

    /** @param utf8 the text */
    void sendText(byte[] utf8) throws IOException {
        send(TEXT, utf8, utf8.length);
    }

    private void send(int opcode, byte[] payload, int length) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(length + 10);
        frame.put((byte) (FINAL | opcode));
        if (length < 126) {
            frame.put((byte) length);
        } else if (length < 1 << 16) {
            frame.put((byte) 126).putShort((short) length);
        } else {
            frame.put((byte) 127).putLong(length);
        }
        frame.put(payload, 0, length);
        sending.lock();
        try {
            if (!closed) {
                output.write(frame.array(), 0, frame.position());
            }
        } finally {
            sending.unlock();
        }
    }

    /** Says why it is over, sends what was sent before, and closes the connection. */
    void close(int code) {
        sending.lock();
        try {
            if (!closed) {
                output.write(new byte[] {(byte) (FINAL | CLOSE), 2, (byte) (code >> 8), (byte) code});
                closed = true;
            }
        } catch (IOException e) {
            closed = true; // the client has gone: nobody to tell
        } finally {
            sending.unlock();
        }
        connection.close();
    }

    /** The client does not keep to the protocol. */
    private static final class Broken extends IOException {
        private static final long serialVersionUID = 1;

        private final int code;

        Broken(int code) {
            super("WebSocket " + code);
            this.code = code;
        }
    }
}
