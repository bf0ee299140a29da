package io.jollyboat.server.http;

import io.jollyboat.api.Api;
import io.jollyboat.server.User;
import io.jollyboat.server.http.turns.Turn;
import io.jollyboat.server.http.wire.Query;
import io.jollyboat.server.http.wire.Request;
import io.jollyboat.server.http.wire.Response;

/**
 * A request whose sender is known, with its answer.
 *
 * @param api with the rights of that user, who is asked about nothing that the request as such wants
 * @param turn ends with the answer; what lasts gives it back when it has begun
 */
record Call(Request request, Response response, User user, Api api, Turn turn, Accepts accepts) {
    Query query() {
        return request.query();
    }

    String method() {
        return request.method();
    }
}
