package io.jollyboat.server;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who asks.
 *
 * @param uid "" where the identity has none
 * @param groups in the order in which the identity names them
 * @param extra further facts about the identity, such as the Pod that a token is bound to
 */
public record User(String name, String uid, Set<String> groups, Map<String, List<String>> extra) {
    /** The group whose members may do everything. */
    public static final String MASTERS = "system:masters";

    public User {
        groups = Collections.unmodifiableSet(new LinkedHashSet<>(groups));
        extra = Map.copyOf(extra);
    }

    /** A component of the cluster that may do everything. */
    public static User component(String name) {
        return new User(name, "", new LinkedHashSet<>(List.of(MASTERS, "system:authenticated")), Map.of());
    }
}
