package io.jollyboat.bench;

import java.io.IOException;

/**
 * A connection on which clients wait for answers, each in a slot of its own. It costs as little as a client can: what is
 * asked was encoded beforehand, and of an answer no more is read than how it went and where it ends. One thread at a
 * time may use it.
 */
interface Line extends AutoCloseable {
    /** Puts what the slot's client asks, with this number in it, behind what is to be sent. */
    void ask(int slot, int number) throws IOException;

    /**
     * Sends what is to be sent and waits for an answer.
     *
     * @return the slot that it answers
     * @throws IllegalStateException for an answer that is no success
     */
    int answered() throws IOException;

    @Override
    void close() throws IOException;
}
