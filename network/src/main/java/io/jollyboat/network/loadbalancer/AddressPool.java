package io.jollyboat.network.loadbalancer;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A block of IPv4 addresses (CIDR notation, RFC 4632) from which each load balancer takes one of its own. The first and
 * the last address of the block are not given away: programs take them for a network's own and for its broadcast.
 *
 * @param first of the block, as 32 bits
 * @param bits how many of them are the same for all
 */
public record AddressPool(int first, int bits) {
    private static final int WIDEST = 16;
    private static final int NARROWEST = 30;
    private static final Pattern CIDR = Pattern.compile("([0-9]{1,3}(?:\\.[0-9]{1,3}){3})/([0-9]{1,2})");

    /** @throws IllegalArgumentException for what is no such block, or too large or too small a one */
    public static AddressPool of(String cidr) {
        Matcher parts = CIDR.matcher(cidr);
        if (!parts.matches()) {
            throw new IllegalArgumentException("\"" + cidr + "\" is no block of IPv4 addresses such as 10.9.0.0/24");
        }
        int bits = Integer.parseInt(parts.group(2));
        if (bits < WIDEST || bits > NARROWEST) {
            throw new IllegalArgumentException(
                    "a pool of addresses is a /%d to a /%d, unlike %s".formatted(WIDEST, NARROWEST, cidr));
        }
        int address = number(parts.group(1));
        AddressPool pool = new AddressPool(address & -1 << (32 - bits), bits);
        if (pool.first != address) {
            throw new IllegalArgumentException("%s does not begin its block: say %s".formatted(cidr, pool));
        }
        return pool;
    }

    private static int number(String address) {
        byte[] bytes = InetAddress.ofLiteral(address).getAddress();
        int number = 0;
        for (byte part : bytes) {
            number = number << 8 | part & 0xff;
        }
        return number;
    }

    /** How many addresses can be given away. */
    public int size() {
        return (1 << (32 - bits)) - 2;
    }

    /** One of them, from 0. */
    public String address(int index) {
        return text(first + 1 + index);
    }

    /** Whether this address can be given away. */
    boolean gives(String address) {
        return isIpv4(address) && offset(number(address)) > 0 && offset(number(address)) <= size();
    }

    /** Whether this address, or any of this block, is in the pool's block. */
    public boolean overlaps(String addressOrCidr) {
        int slash = addressOrCidr.indexOf('/');
        String address = slash < 0 ? addressOrCidr : addressOrCidr.substring(0, slash);
        if (!isIpv4(address)) {
            return false;
        }
        int shared = Math.min(bits, slash < 0 ? 32 : Integer.parseInt(addressOrCidr.substring(slash + 1)));
        return shared == 0 || (number(address) ^ first) >>> (32 - shared) == 0;
    }

    private static boolean isIpv4(String address) {
        return address.indexOf(':') < 0 && InetAddress.ofLiteral(address) instanceof Inet4Address;
    }

    private long offset(int address) {
        return Integer.toUnsignedLong(address) - Integer.toUnsignedLong(first);
    }

    private static String text(int address) {
        return (address >>> 24) + "." + (address >>> 16 & 255) + "." + (address >>> 8 & 255) + "." + (address & 255);
    }

    @Override
    public String toString() {
        return text(first) + "/" + bits;
    }
}
