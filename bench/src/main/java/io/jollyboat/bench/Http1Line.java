package io.jollyboat.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/** HTTP/1.1, one client to a connection. */
final class Http1Line implements Line {
    private static final int BUFFER = 32 << 10;
    private static final int CHUNKS = -1;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final Ask ask;
    private final byte[] request;
    private final int bodyStart;

    Http1Line(Socket socket, Ask ask) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream(), BUFFER);
        this.out = socket.getOutputStream();
        this.ask = ask;
        StringBuilder head = new StringBuilder()
                .append(ask.method())
                .append(' ')
                .append(ask.path())
                .append(" HTTP/1.1\r\nhost: bench\r\nuser-agent: bench/1\r\naccept: ")
                .append(ask.accept())
                .append("\r\n");
        if (ask.body().length > 0) {
            head.append("content-type: ").append(ask.type()).append("\r\n");
            head.append("content-length: ").append(ask.body().length).append("\r\n");
        }
        if (ask.gzip()) {
            head.append("accept-encoding: gzip\r\n");
        }
        byte[] start = head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
        this.bodyStart = start.length;
        this.request = Arrays.copyOf(start, start.length + ask.body().length);
        System.arraycopy(ask.body(), 0, request, bodyStart, ask.body().length);
    }

    @Override
    public void ask(int slot, int number) throws IOException {
        ask.number(request, bodyStart, number);
        out.write(request);
    }

    @Override
    public int answered() throws IOException {
        answer();
        return 0;
    }

    /** Waits for the answer, and says how many bytes its body had. */
    long answer() throws IOException {
        int length = head();
        if (length != CHUNKS) {
            in.skipNBytes(length);
            return length;
        }
        long whole = 0;
        for (byte[] part = chunk(); part.length > 0; part = chunk()) {
            whole += part.length;
        }
        return whole;
    }

    /** Reads the head of an answer; the length of its body, or {@link #CHUNKS}. */
    private int head() throws IOException {
        String status = line();
        if (!status.startsWith("HTTP/1.1 20")) {
            throw new IllegalStateException(status);
        }
        int length = CHUNKS;
        for (String line = line(); !line.isEmpty(); line = line()) {
            String lower = line.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                length =
                        Integer.parseInt(lower.substring(lower.indexOf(':') + 1).strip());
            }
        }
        return length;
    }

    /** Begins a watch: {@link #chunk} then brings its events. */
    void watch() throws IOException {
        ask(0, 0);
        if (head() != CHUNKS) {
            throw new IllegalStateException("no stream");
        }
    }

    /** The next part of a stream; an empty one is the last. */
    byte[] chunk() throws IOException {
        return HttpInput.chunk(in);
    }

    private String line() throws IOException {
        return HttpInput.line(in);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
