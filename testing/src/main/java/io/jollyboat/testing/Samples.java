package io.jollyboat.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * One valid object of every kind, as YAML. A second document says what a test may do to it: {@code change}, a merge
 * patch; {@code invalid}, a merge patch that is refused for {@code field}; {@code needs}, kinds whose samples must be
 * there before; {@code answer}, what the answer to a question holds; {@code subresources}, what to send to each.
 */
public final class Samples {
    /** The namespace of all that has one; samples that name theirs name this. */
    public static final String NAMESPACE = "trial";

    private Samples() {}

    /**
     * Both documents of a kind's sample.
     *
     * @param apiVersion such as {@code apps/v1}
     * @throws IllegalStateException for a kind without one
     */
    public static String text(String apiVersion, String kind) {
        String file = "samples/" + apiVersion.replace('/', '.') + "." + kind + ".yaml";
        try (InputStream in = Samples.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("module testing has no " + file + ": every kind needs a sample");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The object alone. */
    public static String object(String apiVersion, String kind) {
        return text(apiVersion, kind).split("\n---\n", 2)[0];
    }
}
