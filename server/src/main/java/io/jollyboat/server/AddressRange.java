package io.jollyboat.server;

/**
 * A range of IPv4 addresses that Services get theirs from, as numbers from 0. The network's own address and the
 * broadcast address do not belong to it.
 *
 * @param first the network's own address
 * @param size how many addresses the network has, with those two
 */
record AddressRange(String cidr, long first, long size) {
    /** @throws IllegalArgumentException for what is no IPv4 network with room for Services */
    static AddressRange parse(String cidr) {
        int slash = cidr.indexOf('/');
        int bits = slash < 0 ? -1 : Integer.parseInt(cidr.substring(slash + 1));
        if (bits < 8 || bits > 30) {
            throw new IllegalArgumentException("a Service range must be IPv4 with 8 to 30 bits of network: " + cidr);
        }
        long size = 1L << (32 - bits);
        long address = number(cidr.substring(0, slash));
        if (address < 0 || address % size != 0) {
            throw new IllegalArgumentException("not the address of an IPv4 network: " + cidr);
        }
        return new AddressRange(cidr, address, size);
    }

    /** How many addresses there are to give: they have the offsets 1 to this. */
    int usable() {
        return (int) (size - 2);
    }

    /** The offset of an address; 0 or less, or more than {@link #usable}, for one that is not to be given. */
    int offset(String address) {
        long number = number(address);
        return number < 0 || number < first || number >= first + size ? -1 : (int) (number - first);
    }

    String address(int offset) {
        long number = first + offset;
        return "%d.%d.%d.%d".formatted(number >> 24 & 255, number >> 16 & 255, number >> 8 & 255, number & 255);
    }

    /** -1 for what is no IPv4 address in its plain form. */
    static long number(String address) {
        String[] parts = address.split("\\.", -1);
        if (parts.length != 4) {
            return -1;
        }
        long number = 0;
        for (String part : parts) {
            if (!part.matches("0|[1-9][0-9]{0,2}") || Integer.parseInt(part) > 255) {
                return -1;
            }
            number = number << 8 | Integer.parseInt(part);
        }
        return number;
    }
}
