package io.jollyboat.bench;

import java.io.IOException;
import java.io.InputStream;

/** The parts of HTTP/1.1 answers that every light client of the benchmarks reads (RFC 9112). */
final class HttpInput {
    private static final int LONGEST_LINE = 4_096;

    private HttpInput() {}

    /** A line of a head, or one between chunks, without its end. */
    static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0 || line.length() > LONGEST_LINE) {
                throw new IOException("the connection broke off");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    /** The next part of a chunked body; an empty one is the last. */
    static byte[] chunk(InputStream in) throws IOException {
        byte[] part = in.readNBytes(Integer.parseInt(line(in), 16));
        line(in);
        return part;
    }
}
