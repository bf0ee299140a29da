package io.jollyboat.server.http.wire;

import java.io.InputStream;
import java.io.OutputStream;

/** A two-way stream of bytes: what is left of a connection after {@code 101 Switching Protocols}. */
public interface Duplex extends AutoCloseable {
    /** What the client sends; ends when the client has gone. */
    InputStream input();

    /**
     * What the client gets. Every write is sent at once and whole, also when several threads write, and waits while
     * the client does not read.
     */
    OutputStream output();

    /** Sends what was written, then closes the connection. */
    @Override
    void close();
}
