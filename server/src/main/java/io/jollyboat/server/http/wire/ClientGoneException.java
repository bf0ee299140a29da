package io.jollyboat.server.http.wire;

import java.io.IOException;

/** The client has closed the connection, or was too slow and has been cut off. Nobody is left to be told. */
public final class ClientGoneException extends IOException {
    private static final long serialVersionUID = 1;

    public ClientGoneException(String message) {
        super(message);
    }
}
