package io.jollyboat.client;

import io.jollyboat.api.Api;
import io.jollyboat.server.User;

/** The contract, with the server's core in the same process. */
class VerbsDirectlyTest extends VerbsContract {
    @Override
    Api open() {
        return server.as(User.component("tester"));
    }

    @Override
    void close() {}
}
