package io.jollyboat.network.proxy;

/** IPv4 addresses and networks as numbers, the first byte highest. */
final class Ipv4 {
    private Ipv4() {}

    /**
     * A network.
     *
     * @param first its lowest address
     * @param bits how many of them are the network's
     */
    record Network(int first, int bits) {
        int last() {
            return bits == 0 ? -1 : first | (int) (0xffff_ffffL >>> bits);
        }

        boolean contains(Network other) {
            return bits <= other.bits && network(text(other.first) + "/" + bits).first == first;
        }

        long size() {
            return 1L << (32 - bits);
        }

        @Override
        public String toString() {
            return text(first) + "/" + bits;
        }
    }

    static boolean is(String address) {
        return read(address) >= 0;
    }

    /** @throws IllegalArgumentException when it is no IPv4 address */
    static int parse(String address) {
        long value = read(address);
        if (value < 0) {
            throw new IllegalArgumentException(address + " is no IPv4 address");
        }
        return (int) value;
    }

    /** The address as 32 bits, -1 when it is none. Written by hand: a full load reads some hundred thousand. */
    private static long read(String address) {
        long value = 0;
        int part = -1;
        int dots = 0;
        for (int i = 0; i < address.length(); i++) {
            char c = address.charAt(i);
            if (c >= '0' && c <= '9' && part <= 255) {
                part = Math.max(part, 0) * 10 + (c - '0');
            } else if (c == '.' && part >= 0 && part <= 255) {
                value = value << 8 | part;
                part = -1;
                dots++;
            } else {
                return -1;
            }
        }
        return dots == 3 && part >= 0 && part <= 255 ? value << 8 | part : -1;
    }

    /** A network such as 10.42.0.0/24; bits beyond its size are cleared, and without a size it is one address. */
    static Network network(String cidr) {
        int slash = cidr.indexOf('/');
        int bits = slash < 0 ? 32 : Integer.parseInt(cidr.substring(slash + 1));
        if (bits < 0 || bits > 32) {
            throw new IllegalArgumentException(cidr + " is no IPv4 network");
        }
        int mask = bits == 0 ? 0 : -1 << (32 - bits);
        return new Network(parse(slash < 0 ? cidr : cidr.substring(0, slash)) & mask, bits);
    }

    static String text(int address) {
        return (address >>> 24) + "." + (address >>> 16 & 255) + "." + (address >>> 8 & 255) + "." + (address & 255);
    }
}
