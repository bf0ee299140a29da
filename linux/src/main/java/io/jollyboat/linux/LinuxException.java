package io.jollyboat.linux;

/** The kernel or one of its programs refused; the message says what was asked and what it answered. */
public final class LinuxException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public LinuxException(String message) {
        super(message);
    }

    public LinuxException(String message, Throwable cause) {
        super(message, cause);
    }
}
