package io.jollyboat.server.http.streaming;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** The client's end of a command, whatever protocol it speaks. */
interface Client {
    /** What the client types; ends when the client says so or has gone. */
    InputStream stdin();

    OutputStream stdout() throws IOException;

    OutputStream stderr() throws IOException;

    /** Sizes of the terminal, as JSON objects one after another. */
    InputStream sizes();

    /** Whether the outcome is told as a {@code Status}; older protocols tell only failures, as text. */
    boolean tellsStatus();

    /**
     * Ends the streams, and the connection.
     *
     * @param outcome sent on the error stream; "" for none
     */
    void finish(String outcome) throws IOException;
}
