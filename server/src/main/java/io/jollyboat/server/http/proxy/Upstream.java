package io.jollyboat.server.http.proxy;

import io.jollyboat.server.http.wire.Request;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.ByteChannel;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/** One connection to a Pod, for one request. */
final class Upstream implements AutoCloseable {
    private static final int PART = 16 << 10;
    /** Not for the Pod: who asks, and what we cannot undo in an answer. */
    private static final Set<String> WITHHELD =
            Set.of("authorization", "accept-encoding", "content-length", "host", "expect", "x-http2-stream-id");

    private final ByteChannel channel;
    private final InputStream in;
    private final OutputStream out;

    Upstream(ByteChannel channel) {
        this.channel = channel;
        this.in = new BufferedInputStream(Channels.newInputStream(channel), PART);
        this.out = new BufferedOutputStream(Channels.newOutputStream(channel), PART);
    }

    /** What follows the head of the answer. */
    InputStream input() {
        return in;
    }

    OutputStream output() {
        return out;
    }

    /**
     * Sends a request on, and waits for the head of the answer.
     *
     * @param path without the API's part
     * @param prefix the API's part
     */
    Head ask(Request request, String path, String prefix) throws IOException {
        String query = request.target().substring(request.path().length());
        StringBuilder head = new StringBuilder()
                .append(request.method())
                .append(' ')
                .append(path)
                .append(query)
                .append(" HTTP/1.1\r\n");
        header(head, "host", request.header("host"));
        for (String name : request.headerNames("")) {
            if (!withheld(name)) {
                request.headers(name).forEach(value -> header(head, name, value));
            }
        }
        header(head, "x-forwarded-uri", prefix + path);
        header(head, "x-forwarded-host", request.header("host"));
        header(head, "x-forwarded-proto", request.secure() ? "https" : "http");
        header(head, "x-forwarded-for", request.remoteAddress().getHostString());
        boolean upgrade = !request.header("upgrade").isEmpty();
        header(head, "connection", upgrade ? "Upgrade" : "close");
        if (upgrade) {
            header(head, "upgrade", request.header("upgrade"));
        }
        send(request, head);
        return Head.read(in);
    }

    private static boolean withheld(String name) {
        return WITHHELD.contains(name)
                || Head.OF_CONNECTION.contains(name)
                || name.startsWith("impersonate-")
                || name.startsWith("x-forwarded-");
    }

    private static void header(StringBuilder head, String name, String value) {
        head.append(name).append(": ").append(value).append("\r\n");
    }

    private void send(Request request, StringBuilder head) throws IOException {
        String length = request.header("content-length");
        boolean chunked =
                request.header("transfer-encoding").toLowerCase(Locale.ROOT).contains("chunked");
        if (chunked) {
            header(head, "transfer-encoding", "chunked");
        } else if (!length.isEmpty()) {
            header(head, "content-length", length);
        }
        out.write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        if (chunked || !length.isEmpty()) {
            body(request.stream(), chunked);
        }
        out.flush();
    }

    private void body(InputStream body, boolean chunked) throws IOException {
        byte[] part = new byte[PART];
        for (int count = body.read(part); count >= 0; count = body.read(part)) {
            if (chunked) {
                out.write((Integer.toHexString(count) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            }
            out.write(part, 0, count);
            if (chunked) {
                out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
            }
            out.flush();
        }
        if (chunked) {
            out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
