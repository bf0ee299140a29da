package io.jollyboat.cluster;

/** A cluster cannot be made, started or removed on this machine; the message says what to do about it. */
public final class ClusterException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public ClusterException(String message) {
        super(message);
    }

    public ClusterException(String message, Throwable cause) {
        super(message, cause);
    }
}
