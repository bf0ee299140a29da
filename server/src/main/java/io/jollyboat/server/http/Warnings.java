package io.jollyboat.server.http;

import io.jollyboat.server.http.wire.Response;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/** Puts warnings for the client into headers (RFC 9111, 5.5), each text once. */
final class Warnings implements Consumer<String> {
    private static final int ALL = 4096;
    private static final int EACH = 256;

    private final Response response;
    private final Set<String> said = new HashSet<>();
    private int length;

    Warnings(Response response) {
        this.response = response;
    }

    @Override
    public void accept(String warning) {
        String text = warning.replaceAll("[\\p{Cntrl}]", " ");
        if (length + text.length() > ALL) {
            text = text.length() > EACH ? text.substring(0, EACH) : text;
        }
        if (length + text.length() <= 2 * ALL && said.add(text) && !response.committed()) {
            length += text.length();
            response.addHeader(
                    "warning", "299 - \"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"");
        }
    }
}
