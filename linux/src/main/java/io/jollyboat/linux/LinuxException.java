package io.jollyboat.linux;

/** The kernel or one of its programs refused; the message says what was asked and what it answered. */
public final class LinuxException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private static final int ENOENT = 2;

    private final int errno;

    public LinuxException(String message) {
        super(message);
        this.errno = 0;
    }

    public LinuxException(String message, Throwable cause) {
        super(message, cause);
        this.errno = 0;
    }

    private LinuxException(String message, int errno) {
        super(message);
        this.errno = errno;
    }

    static LinuxException of(String what, int errno) {
        return new LinuxException(what + ": " + SystemCalls.errorName(errno), errno);
    }

    /** Whether the kernel said that what was named is not there. */
    public boolean isMissing() {
        return errno == ENOENT;
    }
}
