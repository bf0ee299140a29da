package io.jollyboat.server.http;

import io.jollyboat.api.Api;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.Target;
import io.jollyboat.api.schema.Schema;
import io.jollyboat.server.Fairness;
import io.jollyboat.server.Server;
import io.jollyboat.server.User;
import io.jollyboat.server.measures.Measure;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** What the face stands before: the server's core. */
public interface Backend {
    /** All kinds that are served now; another value when a kind comes or goes. */
    Resources resources();

    /** The verbs as this user may use them. */
    Api as(User user);

    /**
     * The verbs for a request that {@code authorize} let pass: nobody is asked about them again, and whole objects were
     * read into their types.
     */
    Api admitted(User user);

    /**
     * Lets a request pass, also one that is no verb of {@link Api}: streaming subresources, impersonation.
     *
     * @throws StatusException Forbidden; MethodNotAllowed for a verb that the kind does not have
     */
    void authorize(User user, String verb, Target target);

    /**
     * As above, a list, watch or deletion of many.
     *
     * @throws StatusException Forbidden; MethodNotAllowed for a verb that the kind does not have
     */
    void authorize(User user, String verb, Resource resource, String namespace, String fieldSelector);

    /**
     * Lets pass what is no resource.
     *
     * @param verb the method in lower case
     * @throws StatusException Forbidden
     */
    void authorizePath(User user, String verb, String path);

    /** What may stand in the objects of each kind. */
    Schema schema();

    /** What must hold for the server to be ready, by name; asked anew for each request. */
    default Map<String, BooleanSupplier> checks() {
        return Map.of();
    }

    /** Where everybody finds the server, with its port. */
    String address();

    /** Whose requests go first; the same value as long as nothing of it changes. */
    Fairness fairness();

    /** What the core counts. */
    default List<Measure> measures() {
        return List.of();
    }

    /** The core itself. */
    static Backend of(Server server, Supplier<Resources> resources, Map<String, BooleanSupplier> checks) {
        return new Backend() {
            @Override
            public Resources resources() {
                return resources.get();
            }

            @Override
            public Api as(User user) {
                return server.as(user);
            }

            @Override
            public Api admitted(User user) {
                return server.admitted(user);
            }

            @Override
            public void authorize(User user, String verb, Target target) {
                server.authorize(user, verb, target);
            }

            @Override
            public void authorize(User user, String verb, Resource resource, String namespace, String fieldSelector) {
                server.authorize(user, verb, resource, namespace, fieldSelector);
            }

            @Override
            public void authorizePath(User user, String verb, String path) {
                server.authorizePath(user, verb, path);
            }

            @Override
            public Schema schema() {
                return server.schema();
            }

            @Override
            public String address() {
                return server.address();
            }

            @Override
            public Fairness fairness() {
                return server.fairness();
            }

            @Override
            public List<Measure> measures() {
                return server.measures();
            }

            @Override
            public Map<String, BooleanSupplier> checks() {
                return withStore(checks, server);
            }
        };
    }

    private static Map<String, BooleanSupplier> withStore(Map<String, BooleanSupplier> checks, Server server) {
        Map<String, BooleanSupplier> all = new TreeMap<>(checks);
        all.put("etcd", server::readsStore); // by the name that clients ask for
        return all;
    }
}
