package io.jollyboat.network.dns;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;

/**
 * A name below in-addr.arpa or ip6.arpa, read as the address that it spells (RFC 1035 section 3.5, RFC 3596
 * section 2.5).
 *
 * @param address the bytes that were spelt, zeros behind them
 * @param bits how many bits were spelt
 * @param sound whether the name holds nothing else
 */
record ReverseName(byte[] address, int bits, boolean sound) {
    private static final Name IPV4 = Name.of("in-addr.arpa");
    private static final Name IPV6 = Name.of("ip6.arpa");

    /** Empty where the name is under neither of the two. */
    static Optional<ReverseName> of(Name name) {
        if (name.isUnder(IPV4)) {
            return Optional.of(read(name.labels(), new byte[4], 8));
        }
        return name.isUnder(IPV6) ? Optional.of(read(name.labels(), new byte[16], 4)) : Optional.empty();
    }

    private static ReverseName read(List<String> labels, byte[] address, int step) {
        int bits = 0;
        for (int i = labels.size() - 3; i >= 0; i--) {
            int value = step == 8 ? octet(labels.get(i)) : nibble(labels.get(i));
            if (value < 0 || bits == address.length * 8) {
                return new ReverseName(address, bits, false);
            }
            address[bits / 8] |= (byte) (value << 8 - step - bits % 8);
            bits += step;
        }
        return new ReverseName(address, bits, true);
    }

    private static int octet(String label) {
        if (label.length() > 3 || !label.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        int value = Integer.parseInt(label);
        return value > 255 || !String.valueOf(value).equals(label) ? -1 : value;
    }

    private static int nibble(String label) {
        return label.length() == 1 && label.charAt(0) < 128 ? Character.digit(label.charAt(0), 16) : -1;
    }

    /** The address, where all of one is spelt and nothing else. */
    Optional<InetAddress> whole() {
        if (!sound || bits < address.length * 8) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByAddress(address));
        } catch (UnknownHostException e) {
            return Optional.empty(); // only for a wrong number of bytes
        }
    }
}
