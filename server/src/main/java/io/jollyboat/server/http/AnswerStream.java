package io.jollyboat.server.http;

import io.jollyboat.server.http.wire.Response;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A body whose length nobody knows beforehand. A small one is sent whole; a large one in parts while it is written,
 * compressed where the client takes that.
 */
final class AnswerStream extends OutputStream {
    /** Kubernetes compresses what is larger. */
    static final int COMPRESS_FROM = 128 << 10;

    private static final int FIRST = 4 << 10;
    private static final int PART = 32 << 10;

    private final Response response;
    private final boolean gzip;
    private byte[] start = new byte[FIRST];
    private int length;
    private @Nullable OutputStream parts;

    /**
     * @param gzip whether the client takes gzip
     */
    AnswerStream(Response response, boolean gzip) {
        this.response = response;
        this.gzip = gzip;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int count) throws IOException {
        if (parts == null && length + count > COMPRESS_FROM) {
            parts = begin();
            parts.write(start, 0, length);
        }
        if (parts != null) {
            parts.write(source, offset, count);
            return;
        }
        if (length + count > start.length) {
            start = Arrays.copyOf(start, Math.max(length + count, 2 * start.length));
        }
        System.arraycopy(source, offset, start, length, count);
        length += count;
    }

    private OutputStream begin() throws IOException {
        if (!gzip) {
            return response.stream();
        }
        response.header("content-encoding", "gzip").addHeader("vary", "Accept-Encoding");
        return new Gzip(response.stream());
    }

    @Override
    public void close() throws IOException {
        if (parts != null) {
            parts.close();
        } else {
            response.send(Arrays.copyOf(start, length));
        }
    }

    /** Quick rather than small: the level that Kubernetes takes as well. */
    private static final class Gzip extends GZIPOutputStream {
        Gzip(OutputStream target) throws IOException {
            super(target, PART);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
