package io.jollyboat.network.proxy;

import io.jollyboat.api.Ip;

/**
 * A network of IPv4 or IPv6.
 *
 * @param first its lowest address
 * @param bits how many of an address' bits are the network's
 */
record Subnet(Ip first, int bits) {
    private static final int HALF = 64;

    /**
     * A network such as 10.42.0.0/24; bits beyond its size are cleared, and without a size it is one address.
     *
     * @throws IllegalArgumentException when it is none
     */
    static Subnet parse(String cidr) {
        int slash = cidr.indexOf('/');
        Ip address = Ip.parse(slash < 0 ? cidr : cidr.substring(0, slash));
        int width = address.isIpv4() ? 32 : 128;
        int bits = slash < 0 ? width : Integer.parseInt(cidr.substring(slash + 1));
        if (bits < 0 || bits > width) {
            throw new IllegalArgumentException(cidr + " is no network");
        }
        int host = width - bits;
        return new Subnet(new Ip(address.high() & ~ones(host - HALF), address.low() & ~ones(host)), bits);
    }

    /** How many of the lowest bits tell its addresses apart. */
    int hostBits() {
        return (isIpv4() ? 32 : 128) - bits;
    }

    Ip last() {
        return new Ip(first.high() | ones(hostBits() - HALF), first.low() | ones(hostBits()));
    }

    boolean isIpv4() {
        return first.isIpv4();
    }

    boolean contains(Subnet other) {
        return first.compareTo(other.first) <= 0 && last().compareTo(other.last()) >= 0;
    }

    private static long ones(int count) {
        return count >= HALF ? -1 : count <= 0 ? 0 : (1L << count) - 1;
    }

    @Override
    public String toString() {
        return first + "/" + bits;
    }
}
