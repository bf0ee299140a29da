package io.jollyboat.client;

/** A client cannot be set up; the message says what to do about it. */
public final class ClientException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public ClientException(String message, Throwable cause) {
        super(message, cause);
    }
}
