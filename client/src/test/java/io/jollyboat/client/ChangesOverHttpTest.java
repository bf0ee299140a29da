package io.jollyboat.client;

import io.jollyboat.api.Api;

/** The contract, over TLS and HTTP. */
class ChangesOverHttpTest extends ChangesContract {
    private final Port port = new Port();

    @Override
    Api open() throws Exception {
        return port.open(server);
    }

    @Override
    void close() {
        port.close();
    }
}
