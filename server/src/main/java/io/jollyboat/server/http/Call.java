package io.jollyboat.server.http;

import io.jollyboat.api.Api;
import io.jollyboat.server.User;
import io.jollyboat.server.http.wire.Query;
import io.jollyboat.server.http.wire.Request;
import io.jollyboat.server.http.wire.Response;

/** A request whose sender is known, with its answer. */
record Call(Request request, Response response, User user, Api api) {
    Query query() {
        return request.query();
    }

    String method() {
        return request.method();
    }
}
