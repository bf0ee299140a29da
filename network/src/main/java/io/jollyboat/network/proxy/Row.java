package io.jollyboat.network.proxy;

import io.jollyboat.client.Key;
import io.jollyboat.network.Route;

/** What has addresses of its own in the rules: a Service, or a Pod with ports of its node. */
sealed interface Row permits HostPod, Row.OfService {
    Key key();

    /** A Service with its endpoints. */
    record OfService(Route route) implements Row {
        @Override
        public Key key() {
            return route.key();
        }
    }
}
