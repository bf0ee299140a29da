package io.jollyboat.controllers;

/** Something that a controller could not do now; its loop tries again later. */
final class ControllerException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ControllerException(String message) {
        super(message);
    }
}
