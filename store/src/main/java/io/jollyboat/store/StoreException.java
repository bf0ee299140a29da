package io.jollyboat.store;

/** The store cannot do its work because of its surroundings; the message says what to do about it. */
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public StoreException(String message) {
        super(message);
    }

    public StoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
