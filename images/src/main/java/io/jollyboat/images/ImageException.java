package io.jollyboat.images;

/** An image cannot be read, kept or built; the message says what to do about it. */
public final class ImageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public ImageException(String message) {
        super(message);
    }

    public ImageException(String message, Throwable cause) {
        super(message, cause);
    }
}
