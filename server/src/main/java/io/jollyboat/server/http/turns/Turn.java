package io.jollyboat.server.http.turns;

/** A request's turn: it may be worked on until the turn is closed. Closing it again does nothing. */
public interface Turn extends AutoCloseable {
    /** Of what needs none. */
    Turn NONE = () -> {};

    @Override
    void close();
}
