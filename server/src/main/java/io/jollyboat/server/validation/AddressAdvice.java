package io.jollyboat.server.validation;

import io.jollyboat.api.Ip;
import java.util.Locale;

/** What is told of addresses and ranges that are written otherwise than they should be (KEP-4858). */
final class AddressAdvice {
    private AddressAdvice() {}

    static void ip(Place place, Told told) {
        String text = place.text();
        if (!place.isSet() || Ip.read(text).isEmpty()) {
            return;
        }
        String better = Ip.parse(text).toString();
        if (isMapped(text)) {
            told.say(
                    place,
                    "non-standard IP address %s will be considered invalid in a future Kubernetes release: use %s"
                            .formatted(Told.quoted(text), Told.quoted(better)));
        } else if (!better.equals(text)) {
            told.say(
                    place,
                    "IPv6 address %s should be in RFC 5952 canonical format (%s)"
                            .formatted(Told.quoted(text), Told.quoted(better)));
        }
    }

    static void cidr(Place place, Told told) {
        String text = place.text();
        int slash = text.indexOf('/');
        if (!Addresses.isCidr(text) || Ip.read(text.substring(0, slash)).isEmpty()) {
            return;
        }
        Ip ip = Ip.parse(text.substring(0, slash));
        int bits = Integer.parseInt(text.substring(slash + 1));
        int all = ip.isIpv4() ? 32 : 128;
        String net = masked(ip, Math.min(bits, all)) + "/" + bits;
        boolean ambiguous = !masked(ip, Math.min(bits, all)).equals(ip);
        if (ambiguous) {
            told.say(
                    place,
                    "CIDR value %s is ambiguous in this context (should be %s or %s?)"
                            .formatted(Told.quoted(text), Told.quoted(net), Told.quoted(ip + "/" + all)));
        }
        if (isMapped(text)) {
            told.say(
                    place,
                    "non-standard CIDR value %s will be considered invalid in a future Kubernetes release: use %s"
                            .formatted(Told.quoted(text), Told.quoted(net)));
        } else if (!ambiguous && !net.equals(text)) {
            told.say(
                    place,
                    "IPv6 CIDR value %s should be in RFC 5952 canonical format (%s)"
                            .formatted(Told.quoted(text), Told.quoted(net)));
        }
    }

    /** An IPv4 address in the clothes of IPv6. */
    private static boolean isMapped(String text) {
        return text.contains(":") && text.contains(".")
                || text.toLowerCase(Locale.ROOT).startsWith("::ffff:");
    }

    private static Ip masked(Ip ip, int bits) {
        byte[] bytes = ip.bytes();
        for (int i = 0; i < bytes.length; i++) {
            int kept = Math.clamp(bits - 8L * i, 0, 8);
            bytes[i] &= (byte) (0xff << (8 - kept));
        }
        return Ip.of(bytes);
    }
}
