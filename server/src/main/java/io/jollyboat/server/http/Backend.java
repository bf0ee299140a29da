package io.jollyboat.server.http;

import io.jollyboat.api.Api;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.server.User;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** What the face stands before: the server's core. */
public interface Backend {
    /** All kinds that are served now; a new value when a kind comes or goes. */
    Resources resources();

    /** The verbs as this user may use them. */
    Api as(User user);

    /**
     * Lets pass what is no verb of {@link Api}: streaming subresources, impersonation, non-resource paths.
     *
     * @throws StatusException Forbidden
     */
    void authorize(User user, Access access);

    /** What must hold for the server to be ready, by name; asked anew for each request. */
    default Map<String, BooleanSupplier> checks() {
        return Map.of();
    }
}
