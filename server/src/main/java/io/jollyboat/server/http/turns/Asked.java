package io.jollyboat.server.http.turns;

import io.jollyboat.server.User;

/**
 * What is known of a request before its turn.
 *
 * @param verb Kubernetes' word, such as {@code list}; of what is no resource, the method in lower case
 * @param what {@code leases.coordination.k8s.io} or {@code nodes/status}; of what is no resource, its path
 * @param namespace "" for none
 */
public record Asked(User user, String verb, String what, String namespace) {}
