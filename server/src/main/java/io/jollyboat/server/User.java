package io.jollyboat.server;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who asks.
 *
 * @param uid "" where the identity has none
 * @param extra further facts about the identity, such as the Pod that a token is bound to
 */
public record User(String name, String uid, Set<String> groups, Map<String, List<String>> extra) {
    /** The group whose members may do everything. */
    public static final String MASTERS = "system:masters";

    public User {
        groups = Set.copyOf(groups);
        extra = Map.copyOf(extra);
    }

    /** A component of the cluster that may do everything. */
    public static User component(String name) {
        return new User(name, "", Set.of(MASTERS, "system:authenticated"), Map.of());
    }
}
