package io.jollyboat.server.http.wire;

import java.io.IOException;

/** A request's body is larger than its handler takes. */
public final class TooLargeException extends IOException {
    private static final long serialVersionUID = 1;

    private final int limit;

    TooLargeException(int limit) {
        super("the body is larger than " + limit + " bytes");
        this.limit = limit;
    }

    /** The limit in bytes. */
    public int limit() {
        return limit;
    }
}
