package io.jollyboat.server.http.wire;

import java.time.Duration;

/**
 * What a client may ask of the wire.
 *
 * @param requestLine characters of method, path and query together; more is answered 414
 * @param headers characters of all headers together; more is answered 431
 * @param connections open at once; a further one is closed as soon as it opens
 * @param streams requests at once on one HTTP/2 connection; the protocol tells the client
 * @param idle how long a connection may stay open without a request, or take to send the head of one
 * @param reading how long a client may take to send the next part of a body; then it is cut off
 * @param writing how long a client may take none of an answer while some waits for it; then it is cut off
 * @param unread bytes of a body that nobody wants which are still read, so that the client sees the answer
 */
public record Limits(
        int requestLine,
        int headers,
        int connections,
        int streams,
        Duration idle,
        Duration reading,
        Duration writing,
        int unread) {
    public static final Limits DEFAULT = new Limits(
            256 << 10,
            64 << 10,
            10_000,
            250,
            Duration.ofMinutes(5),
            Duration.ofSeconds(60),
            Duration.ofSeconds(30),
            16 << 20);

    public Limits withReading(Duration reading) {
        return new Limits(requestLine, headers, connections, streams, idle, reading, writing, unread);
    }

    public Limits withWriting(Duration writing) {
        return new Limits(requestLine, headers, connections, streams, idle, reading, writing, unread);
    }

    public Limits withIdle(Duration idle) {
        return new Limits(requestLine, headers, connections, streams, idle, reading, writing, unread);
    }
}
