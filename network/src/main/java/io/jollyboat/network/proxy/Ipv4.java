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
        return address.matches("\\d{1,3}(\\.\\d{1,3}){3}");
    }

    /** @throws IllegalArgumentException when it is no IPv4 address */
    static int parse(String address) {
        if (!is(address)) {
            throw new IllegalArgumentException(address + " is no IPv4 address");
        }
        int value = 0;
        for (String part : address.split("\\.")) {
            int number = Integer.parseInt(part);
            if (number > 255) {
                throw new IllegalArgumentException(address + " is no IPv4 address");
            }
            value = value << 8 | number;
        }
        return value;
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
