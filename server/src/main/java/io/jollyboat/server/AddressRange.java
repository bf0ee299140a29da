package io.jollyboat.server;

import io.jollyboat.api.Ip;
import java.util.Optional;

/**
 * A range of addresses that Services get theirs from, as numbers from 0. The network's own address does not belong to
 * it, nor does IPv4's broadcast address.
 *
 * @param first the network's own address
 * @param size how many addresses the network has, with those two
 */
record AddressRange(String cidr, Ip first, long size) {
    /** More addresses than anybody gives out are not kept count of; Kubernetes has the same limit for IPv6. */
    private static final int MOST_HOST_BITS = 24;

    private static final int LEAST_HOST_BITS = 2;

    /** @throws IllegalArgumentException for what is no network with room for Services */
    static AddressRange parse(String cidr) {
        int slash = cidr.indexOf('/');
        Ip first = Ip.parse(slash < 0 ? cidr : cidr.substring(0, slash));
        int width = first.isIpv4() ? 32 : 128;
        int hostBits = slash < 0 ? 0 : width - Integer.parseInt(cidr.substring(slash + 1));
        if (hostBits < LEAST_HOST_BITS || hostBits > MOST_HOST_BITS) {
            throw new IllegalArgumentException("a Service range must have %d to %d bits of network: %s"
                    .formatted(width - MOST_HOST_BITS, width - LEAST_HOST_BITS, cidr));
        }
        long size = 1L << hostBits;
        if ((first.low() & size - 1) != 0) {
            throw new IllegalArgumentException("not the address of a network: " + cidr);
        }
        return new AddressRange(cidr, first, size);
    }

    /** {@code IPv4} or {@code IPv6}. */
    String family() {
        return ServiceShape.family(first);
    }

    /** How many addresses there are to give: they have the offsets 1 to this. */
    int usable() {
        return (int) (first.isIpv4() ? size - 2 : size - 1);
    }

    /** The offset of an address; 0 or less, or more than {@link #usable}, for one that is not to be given. */
    int offset(String address) {
        Optional<Ip> ip = Ip.read(address);
        return ip.isEmpty() ? -1 : offset(ip.get());
    }

    int offset(Ip address) {
        long offset = address.low() - first.low();
        return address.high() == first.high() && offset >= 0 && offset < size ? (int) offset : -1;
    }

    String address(int offset) {
        return first.plus(offset).toString();
    }
}
