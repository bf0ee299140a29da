package io.jollyboat.network.loadbalancer;

import io.jollyboat.network.Protocol;
import io.jollyboat.network.ServicePort;

/** A port of the addresses that all load balancers share: only one Service can have it. */
record Slot(Protocol protocol, int number) {
    static Slot of(ServicePort port) {
        return new Slot(port.protocol(), port.port());
    }

    @Override
    public String toString() {
        return number + "/" + protocol;
    }
}
