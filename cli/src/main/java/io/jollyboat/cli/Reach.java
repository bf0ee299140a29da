package io.jollyboat.cli;

import io.jollyboat.client.HttpApi;
import io.jollyboat.cluster.Kubeconfig;
import io.jollyboat.world.World;
import java.util.Optional;

/** The way from this command to a running cluster's API: the context that {@code up} wrote. */
final class Reach {
    private Reach() {}

    /** Empty when the kubeconfig has no such context. */
    static Optional<HttpApi> api(Named cluster) {
        return Kubeconfig.read(Kubeconfig.userFile())
                .access(cluster.context())
                .map(access -> new HttpApi(access.connection(), World.system()));
    }
}
