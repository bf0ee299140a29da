package io.jollyboat.server.validation;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/** IP addresses and ranges as text; names are never looked up. */
final class Addresses {
    static final String IP_RULE = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";

    private static final Pattern IPV4 = Pattern.compile("(0|[1-9][0-9]{0,2})(\\.(0|[1-9][0-9]{0,2})){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:]*:[0-9a-fA-F:.]*");
    private static final int LIMIT = 45;

    private Addresses() {}

    static boolean isIp(String text) {
        return parse(text).isPresent();
    }

    static boolean isIpv4(String text) {
        return parse(text).filter(ip -> ip.getAddress().length == 4).isPresent();
    }

    static boolean isCidr(String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || !text.substring(slash + 1).matches("0|[1-9][0-9]{0,2}")) {
            return false;
        }
        return parse(text.substring(0, slash))
                .filter(ip -> Integer.parseInt(text.substring(slash + 1)) <= 8 * ip.getAddress().length)
                .isPresent();
    }

    /** Whether a range is a true part of another one; both are ranges. */
    static boolean isWithin(String part, String whole) {
        int bits = bits(whole);
        byte[] inner = address(part);
        byte[] outer = address(whole);
        if (inner.length != outer.length || bits(part) <= bits) {
            return false;
        }
        for (int i = 0; i < bits; i++) {
            if (((inner[i / 8] ^ outer[i / 8]) >> (7 - i % 8) & 1) != 0) {
                return false;
            }
        }
        return true;
    }

    private static int bits(String cidr) {
        return Integer.parseInt(cidr.substring(cidr.indexOf('/') + 1));
    }

    private static byte[] address(String cidr) {
        return parse(cidr.substring(0, cidr.indexOf('/'))).orElseThrow().getAddress();
    }

    /** Says that an address cannot be an endpoint's, or an outside one. */
    static void nonSpecial(Place place) {
        parse(place.text()).ifPresent(ip -> {
            if (ip.isAnyLocalAddress()) {
                place.invalid("may not be unspecified (" + ip.getHostAddress() + ")");
            }
            if (ip.isLoopbackAddress()) {
                place.invalid("may not be in the loopback range (127.0.0.0/8, ::1/128)");
            }
            if (ip.isLinkLocalAddress()) {
                place.invalid("may not be in the link-local range (169.254.0.0/16, fe80::/10)");
            }
            if (ip.isMCLinkLocal()) {
                place.invalid("may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)");
            }
        });
    }

    private static Optional<InetAddress> parse(String text) {
        if (text.length() > LIMIT
                || !IPV4.matcher(text).matches() && !IPV6.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(text));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }
}
