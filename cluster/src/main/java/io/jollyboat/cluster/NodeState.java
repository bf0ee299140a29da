package io.jollyboat.cluster;

import java.util.Locale;

/** How a nested node is, apart from what the API thinks of it. */
public enum NodeState {
    /** Nothing of it runs. */
    OFF,
    /** It was switched on and comes up. */
    STARTING,
    /** Its agent works. */
    UP;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    static NodeState of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
