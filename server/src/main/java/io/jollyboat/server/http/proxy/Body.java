package io.jollyboat.server.http.proxy;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** The body of an HTTP/1.1 message: in chunks, of a known length, or up to the end of the connection (RFC 9112, 6). */
final class Body extends InputStream {
    private static final long UNKNOWN = -1;
    private static final int LONGEST_SIZE = 8; // hexadecimal digits
    private static final int LONGEST_LINES = 4 << 10;

    private final InputStream in;
    private final boolean chunked;
    private long left; // of the body or the chunk
    private boolean begun;

    private Body(InputStream in, boolean chunked, long left) {
        this.in = in;
        this.chunked = chunked;
        this.left = left;
    }

    static Body of(Head head, InputStream in) throws IOException {
        if (head.first("transfer-encoding").toLowerCase(java.util.Locale.ROOT).endsWith("chunked")) {
            return new Body(in, true, 0);
        }
        String length = head.first("content-length");
        if (length.isEmpty()) {
            return new Body(in, false, UNKNOWN);
        }
        if (!length.matches("[0-9]{1,18}")) {
            throw new IOException("bad Content-Length \"" + length + "\"");
        }
        return new Body(in, false, Long.parseLong(length));
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (chunked && left == 0 && !nextChunk() || left == 0) {
            return -1;
        }
        int count = in.read(target, offset, left == UNKNOWN ? length : (int) Math.min(length, left));
        if (count < 0 && left != UNKNOWN) {
            throw new EOFException("unexpected EOF");
        }
        if (left != UNKNOWN) {
            left -= count;
        }
        return count;
    }

    private boolean nextChunk() throws IOException {
        int[] lines = {LONGEST_LINES};
        if (begun) {
            Head.line(in, lines);
        }
        begun = true;
        String size = Head.line(in, lines).split(";", 2)[0].strip();
        if (size.isEmpty() || size.length() > LONGEST_SIZE) {
            throw new IOException("malformed chunked encoding");
        }
        try {
            left = Long.parseLong(size, 16);
        } catch (NumberFormatException e) {
            throw new IOException("malformed chunked encoding", e);
        }
        return left > 0;
    }
}
