package io.jollyboat.network.loadbalancer;

import io.jollyboat.network.loadbalancer.Claims.Claim;

/** An open port of the host, on each of its loopback addresses. */
interface Listener extends AutoCloseable {
    /** Whom it leads clients to. */
    Claim claim();

    /** Leads clients from now on to another Service, or to another port of it. */
    void serve(Claim claim);

    /** Gives the port back before it returns. TCP connections that run go on; UDP flows end. */
    @Override
    void close();
}
