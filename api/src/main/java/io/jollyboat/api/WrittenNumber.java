package io.jollyboat.api;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.DoubleNode;

/**
 * A number with a fraction or an exponent that remembers how it was written, such as {@code 1e3}: messages show it in that
 * form. One that is too large, such as {@code 1e400}, has no value: there is none such left when an object was checked by
 * {@link io.jollyboat.api.schema.FieldCheck}.
 */
public final class WrittenNumber extends DoubleNode {
    private static final long serialVersionUID = 1;

    private final String text;

    /** @param text as JSON writes the number */
    public WrittenNumber(double value, String text) {
        super(value);
        this.text = text;
    }

    /** A number of any sort as it was written, or as it would be. */
    public static String text(JsonNode number) {
        return number instanceof WrittenNumber written ? written.text : number.asString();
    }

    /** Whether it has a value. */
    public boolean isFinite() {
        return Double.isFinite(doubleValue());
    }
}
