package io.jollyboat.network.proxy;

import io.jollyboat.api.Ip;
import io.jollyboat.network.Protocol;

/** Where clients connect to: a virtual address with protocol and port. */
record Vip(Ip address, Protocol protocol, int port) {
    /** Written out, because a record's own is slow while the program is young. */
    @Override
    public int hashCode() {
        return (address.hashCode() * 31 + port) * 31 + protocol.number();
    }

    /** As nft writes it. */
    @Override
    public String toString() {
        return address + " . " + protocol.lower() + " . " + port;
    }
}
