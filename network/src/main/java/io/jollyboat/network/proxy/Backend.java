package io.jollyboat.network.proxy;

/** Where a connection ends up: an endpoint's address and port. */
record Backend(int address, int port) implements Comparable<Backend> {
    @Override
    public int compareTo(Backend other) {
        int order = Integer.compareUnsigned(address, other.address);
        return order != 0 ? order : Integer.compare(port, other.port);
    }

    @Override
    public String toString() {
        return Ipv4.text(address) + " . " + port;
    }
}
