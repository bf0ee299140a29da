package io.jollyboat.api.codec;

/** A text or message that cannot be read; the detail is for the client. */
final class SyntaxException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String detail;

    SyntaxException(String detail) {
        super(detail);
        this.detail = detail;
    }

    String detail() {
        return detail;
    }
}
