package io.jollyboat.controllers;

import io.jollyboat.api.quota.Usage;
import java.util.Optional;

/** An object as a mirror keeps it, whatever else of it is kept. */
interface Mirrored {
    Metadata metadata();

    /** What it takes of what quotas limit; empty where that is the same for all objects of its kind. */
    default Optional<Usage> taken() {
        return Optional.empty();
    }
}
