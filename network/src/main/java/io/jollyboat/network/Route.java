package io.jollyboat.network;

import io.jollyboat.client.Key;
import java.util.List;

/**
 * One row of the table: a Service with its endpoints, united from all its slices and ordered by address.
 *
 * @param endpoints each address and hostname once, ready or not
 */
public record Route(Service service, List<Endpoint> endpoints) {
    public Route {
        endpoints = List.copyOf(endpoints);
    }

    public Key key() {
        return service.key();
    }

    public List<Endpoint> ready() {
        return endpoints.stream().filter(Endpoint::ready).toList();
    }
}
