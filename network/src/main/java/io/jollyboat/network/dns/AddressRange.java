package io.jollyboat.network.dns;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A block of addresses, {@code 10.43.0.0/16} say. */
public final class AddressRange {
    private final byte[] base;
    private final int bits;

    private AddressRange(byte[] base, int bits) {
        this.base = base;
        this.bits = bits;
    }

    /**
     * Reads an address with the number of its leading bits behind a slash.
     *
     * @throws IllegalArgumentException where it is none
     */
    public static AddressRange of(String cidr) {
        int slash = cidr.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException(cidr + " is no range of addresses such as 10.43.0.0/16");
        }
        byte[] base = InetAddress.ofLiteral(cidr.substring(0, slash)).getAddress();
        int bits = Integer.parseInt(cidr.substring(slash + 1));
        if (bits < 0 || bits > base.length * 8) {
            throw new IllegalArgumentException(cidr + " has a wrong number of bits");
        }
        return new AddressRange(base, bits);
    }

    public boolean contains(InetAddress address) {
        byte[] bytes = address.getAddress();
        return containsBlock(bytes, bytes.length * 8);
    }

    /** Whether all addresses that share the first {@code size} bits with {@code address} are in this range. */
    boolean containsBlock(byte[] address, int size) {
        if (address.length != base.length || size < bits) {
            return false;
        }
        for (int i = 0; i < bits; i++) {
            if (bit(address, i) != bit(base, i)) {
                return false;
            }
        }
        return true;
    }

    private static int bit(byte[] bytes, int index) {
        return bytes[index / 8] >> 7 - index % 8 & 1;
    }

    /** The smallest reverse zone that holds the whole range (RFC 1035 section 3.5, RFC 3596 section 2.5). */
    Name reverseZone() {
        List<String> labels = new ArrayList<>();
        boolean ipv4 = base.length == 4;
        int step = ipv4 ? 8 : 4;
        for (int i = bits / step - 1; i >= 0; i--) {
            labels.add(ipv4 ? String.valueOf(base[i] & 0xff) : nibble(i));
        }
        labels.add(ipv4 ? "in-addr" : "ip6");
        labels.add("arpa");
        return Name.of(String.join(".", labels));
    }

    private String nibble(int index) {
        int both = base[index / 2] & 0xff;
        return Integer.toHexString(index % 2 == 0 ? both >> 4 : both & 0xf).toLowerCase(Locale.ROOT);
    }
}
