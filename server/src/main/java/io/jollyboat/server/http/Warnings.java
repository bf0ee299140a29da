package io.jollyboat.server.http;

import io.jollyboat.server.http.wire.Response;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Puts warnings for the client into headers (RFC 9111, 5.5), each text once. When all together are too long, each is
 * cut short, also those that were said before; then no more are taken.
 */
final class Warnings implements Consumer<String> {
    /** In characters. */
    private static final int ALL = 4096;

    private static final int EACH = 256;

    private final Response response;
    private final Set<String> said = new LinkedHashSet<>();
    private boolean cutting;
    private int length;

    Warnings(Response response) {
        this.response = response;
    }

    @Override
    public void accept(String warning) {
        boolean full = cutting && length >= ALL;
        if (warning.isEmpty() || full || response.committed() || !said.add(warning)) {
            return;
        }
        if (!cutting && length + warning.codePointCount(0, warning.length()) > ALL) {
            cutting = true;
            length = 0;
            response.removeHeader("warning");
            said.forEach(this::write);
        } else {
            write(warning);
        }
    }

    /** A text that cannot stand in a header is left out. */
    private void write(String warning) {
        int characters = warning.codePointCount(0, warning.length());
        String text =
                cutting && characters > EACH ? warning.substring(0, warning.offsetByCodePoints(0, EACH)) : warning;
        if (text.chars().noneMatch(Character::isISOControl)) {
            length += Math.min(characters, cutting ? EACH : characters);
            String quoted = "299 - \"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
            response.addHeader(
                    "warning",
                    new String(quoted.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1)); // byte by byte
        }
    }
}
