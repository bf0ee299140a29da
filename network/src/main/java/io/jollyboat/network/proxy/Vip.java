package io.jollyboat.network.proxy;

import io.jollyboat.network.Protocol;

/** Where clients connect to: a virtual address with protocol and port. */
record Vip(int address, Protocol protocol, int port) {
    static Vip of(String address, Protocol protocol, int port) {
        return new Vip(Ipv4.parse(address), protocol, port);
    }

    /** Written out, because a record's own is slow while the program is young. */
    @Override
    public int hashCode() {
        return (address * 31 + port) * 31 + protocol.number();
    }

    /** As nft writes it. */
    @Override
    public String toString() {
        return Ipv4.text(address) + " . " + protocol.lower() + " . " + port;
    }
}
