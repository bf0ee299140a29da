package io.jollyboat.network.proxy;

import io.jollyboat.api.Ip;

/** Where a connection ends up: an endpoint's address and port. */
record Backend(Ip address, int port) implements Comparable<Backend> {
    @Override
    public int compareTo(Backend other) {
        int order = address.compareTo(other.address);
        return order != 0 ? order : Integer.compare(port, other.port);
    }

    @Override
    public int hashCode() {
        return address.hashCode() * 31 + port;
    }

    @Override
    public String toString() {
        return address + " . " + port;
    }
}
