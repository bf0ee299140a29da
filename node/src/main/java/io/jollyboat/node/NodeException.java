package io.jollyboat.node;

/** The machine or containerd does not do what a node needs; the message says what, and what to do about it. */
public final class NodeException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public NodeException(String message) {
        super(message);
    }

    public NodeException(String message, Throwable cause) {
        super(message, cause);
    }
}
