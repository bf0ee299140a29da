package io.jollyboat.client;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** A query string being built; empty values are left out. */
final class Query {
    private final StringBuilder text = new StringBuilder();

    Query with(String name, String value) {
        if (!value.isEmpty()) {
            text.append(text.isEmpty() ? '?' : '&').append(name).append('=').append(encoded(value));
        }
        return this;
    }

    /** A value as it may stand in a query or as one part of a path. */
    static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
