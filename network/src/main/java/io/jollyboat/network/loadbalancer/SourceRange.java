package io.jollyboat.network.loadbalancer;

import java.net.InetAddress;
import java.util.List;

/** A block of client addresses (CIDR notation, RFC 4632) that may use a load balancer. */
record SourceRange(InetAddress address, int bits) {
    /** Whether a client is in one of the ranges; no range at all means everybody. */
    static boolean allows(List<String> ranges, InetAddress client) {
        return ranges.isEmpty()
                || ranges.stream().anyMatch(range -> parse(range).contains(client));
    }

    /** The server has validated the text; blanks around it are allowed as Kubernetes allows them. */
    static SourceRange parse(String text) {
        String range = text.strip();
        int slash = range.indexOf('/');
        return new SourceRange(
                InetAddress.ofLiteral(range.substring(0, slash)), Integer.parseInt(range.substring(slash + 1)));
    }

    boolean contains(InetAddress client) {
        byte[] mine = address.getAddress();
        byte[] other = client.getAddress();
        if (mine.length != other.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> (bit % 8);
            if (((mine[bit / 8] ^ other[bit / 8]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }
}
