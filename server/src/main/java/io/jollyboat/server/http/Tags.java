package io.jollyboat.server.http;

import io.jollyboat.server.http.wire.Request;
import java.util.Arrays;

/** Entity tags: whether a client already has what it asks for (RFC 9110, 13.1.2). */
final class Tags {
    private Tags() {}

    /**
     * @param tag of the answer, in its quotes
     * @return whether {@code If-None-Match} names it
     */
    static boolean known(Request request, String tag) {
        return Arrays.stream(request.header("if-none-match").split(","))
                .map(String::strip)
                .map(given -> given.startsWith("W/") ? given.substring(2) : given)
                .anyMatch(given -> given.equals("*") || given.equals(tag));
    }
}
