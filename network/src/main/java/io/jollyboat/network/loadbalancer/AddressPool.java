package io.jollyboat.network.loadbalancer;

import io.jollyboat.api.Ip;

/**
 * A block of addresses of IPv4 or IPv6 (CIDR notation, RFC 4632 and RFC 4291) from which each load balancer takes one of
 * its own. The first and the last address of the block are not given away: programs take them for a network's own and for
 * its broadcast.
 *
 * @param first of the block
 * @param bits how many of them are the same for all
 */
public record AddressPool(Ip first, int bits) {
    /** As bits in which addresses differ: more addresses than a machine has Services, fewer than a number can count. */
    private static final int WIDEST = 16;

    private static final int NARROWEST = 2;

    /** @throws IllegalArgumentException for what is no such block, or too large or too small a one */
    public static AddressPool of(String cidr) {
        int slash = cidr.indexOf('/');
        Ip address = Ip.read(cidr.substring(0, Math.max(slash, 0)))
                .orElseThrow(() -> new IllegalArgumentException(
                        "\"" + cidr + "\" is no block of addresses such as 10.9.0.0/24 or fd00:9::/112"));
        int bits = bits(cidr.substring(slash + 1));
        int host = width(address) - bits;
        if (host > WIDEST || host < NARROWEST) {
            throw new IllegalArgumentException("a pool of addresses is a /%d to a /%d, unlike %s"
                    .formatted(width(address) - WIDEST, width(address) - NARROWEST, cidr));
        }
        AddressPool pool = new AddressPool(new Ip(address.high(), address.low() & -1L << host), bits);
        if (!pool.first.equals(address)) {
            throw new IllegalArgumentException("%s does not begin its block: say %s".formatted(cidr, pool));
        }
        return pool;
    }

    private static int bits(String text) {
        return text.matches("[0-9]{1,3}") ? Integer.parseInt(text) : 0;
    }

    private static int width(Ip address) {
        return address.isIpv4() ? Integer.SIZE : 2 * Long.SIZE;
    }

    public boolean isIpv4() {
        return first.isIpv4();
    }

    /** How many addresses can be given away. */
    public int size() {
        return (1 << (width(first) - bits)) - 2;
    }

    /** One of them, from 0. */
    public String address(int index) {
        return first.plus(1 + index).toString();
    }

    /** Whether this address can be given away. */
    boolean gives(String address) {
        return Ip.read(address)
                .filter(ip -> ip.compareTo(first) > 0 && ip.compareTo(first.plus(size())) <= 0)
                .isPresent();
    }

    /** Whether this address, or any of this block, is in the pool's block. */
    public boolean overlaps(String addressOrCidr) {
        int slash = addressOrCidr.indexOf('/');
        Ip other = Ip.parse(slash < 0 ? addressOrCidr : addressOrCidr.substring(0, slash));
        if (other.isIpv4() != isIpv4()) {
            return false;
        }
        int shared = Math.min(bits, slash < 0 ? width(first) : Integer.parseInt(addressOrCidr.substring(slash + 1)));
        int above = width(first) - shared;
        return above >= Long.SIZE
                ? above == 2 * Long.SIZE || (first.high() ^ other.high()) >>> above - Long.SIZE == 0
                : first.high() == other.high() && (first.low() ^ other.low()) >>> above == 0;
    }

    @Override
    public String toString() {
        return first + "/" + bits;
    }
}
