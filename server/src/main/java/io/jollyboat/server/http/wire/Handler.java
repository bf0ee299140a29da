package io.jollyboat.server.http.wire;

import java.io.IOException;

/** Answers requests, each on a virtual thread of its own, so it may block. */
@FunctionalInterface
public interface Handler {
    /**
     * Answers one request. What it leaves unfinished is finished for it: a body that it did not read is thrown away, a
     * stream that it did not close is closed.
     *
     * @throws IOException when the client has gone or is too slow; the connection is closed without a word
     */
    void handle(Request request, Response response) throws IOException, InterruptedException;
}
