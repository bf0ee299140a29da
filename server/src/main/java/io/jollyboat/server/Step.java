package io.jollyboat.server;

/** One thing that happens to an object between the request and the store. */
@FunctionalInterface
interface Step {
    /**
     * Looks at a write, and changes what shall be stored where its subject asks for that.
     *
     * @throws io.jollyboat.api.StatusException to refuse the write
     */
    void take(Write write);
}
