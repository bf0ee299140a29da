package io.jollyboat.server.validation;

/** Looks at one place and says what is wrong there. */
@FunctionalInterface
interface Check {
    void check(Place place);

    /** Compares what shall be with what is stored. */
    @FunctionalInterface
    interface OfChange {
        void check(Place newer, Place stored);
    }
}
