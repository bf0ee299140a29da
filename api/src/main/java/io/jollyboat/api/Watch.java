package io.jollyboat.api;

import java.time.Duration;
import java.util.Optional;

/** A stream of changes. One reader at a time; {@link #close} may be called by anybody. */
public interface Watch extends AutoCloseable {
    /**
     * The next change, waiting for it at most {@code limit}; empty when none came or the stream has ended.
     *
     * @throws StatusException Expired (410) when the position is too old: list again; any other is the server's word
     */
    Optional<WatchEvent> next(Duration limit) throws InterruptedException;

    /** True when no further event will come: the reader was too slow, the server stopped, or the time is over. */
    boolean ended();

    @Override
    void close();
}
