package io.jollyboat.server;

/** A way in which the server treats a kind; {@code traits.txt} says which kinds have it and what it means. */
enum Trait {
    GENERATION,
    GENERATION_ONCE,
    GENERATION_LATER,
    LABELS_COUNT,
    CONDITIONAL,
    CREATE_ON_UPDATE,
    NAMES_ITSELF,
    ANSWERS_OBJECT,
    GRACEFUL,
    ORPHANS,
    KEEPS_STATUS
}
