package io.jollyboat.network.dns;

/** How long something that was read holds: an answer that was made of it must not be given once it has ended. */
final class Validity {
    private volatile boolean ended;

    /** To be called when what others read now is new already, so that nobody takes the old for the new. */
    void end() {
        ended = true;
    }

    boolean lasts() {
        return !ended;
    }
}
