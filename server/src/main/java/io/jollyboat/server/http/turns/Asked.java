package io.jollyboat.server.http.turns;

import io.jollyboat.server.User;

/**
 * What is known of a request before its turn.
 *
 * @param verb Kubernetes' word, such as {@code list}; of what is no resource, the method in lower case
 * @param group "" for the core group
 * @param resource {@code leases} or {@code nodes/status}; "" for what is no resource
 * @param namespace "" for none
 * @param path of what is no resource
 */
public record Asked(User user, String verb, String group, String resource, String namespace, String path) {
    /** A request for a resource. */
    public static Asked of(User user, String verb, String group, String resource, String namespace) {
        return new Asked(user, verb, group, resource, namespace, "");
    }

    /** A request for something else. */
    public static Asked of(User user, String verb, String path) {
        return new Asked(user, verb, "", "", "", path);
    }

    boolean isResource() {
        return path.isEmpty();
    }
}
