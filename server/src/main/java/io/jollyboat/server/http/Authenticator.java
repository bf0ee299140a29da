package io.jollyboat.server.http;

import io.jollyboat.server.User;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Finds out who asks. */
@FunctionalInterface
public interface Authenticator {
    /**
     * @param certificates the client's chain, its own first, already verified against the client authorities; empty
     *     when it showed none
     * @param authorization the header of that name, "" when there is none
     * @return empty when nobody vouches for the client
     */
    Optional<User> authenticate(List<X509Certificate> certificates, String authorization);

    /**
     * What it publishes so that others can verify its tokens.
     *
     * @return empty for a path of which it knows nothing
     */
    default Optional<Page> page(String path) {
        return Optional.empty();
    }

    /** A document and its media type. */
    record Page(String type, ObjectNode document) {}
}
