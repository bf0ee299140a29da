package io.jollyboat.network.dns;

import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Addresses as text, in the usual form and with dashes as they stand in names. */
final class Literal {
    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-f]{0,4}(:[0-9a-f]{0,4}){2,7}");

    private Literal() {}

    /** The address; empty where the text is none. Nothing is ever looked up. */
    static Optional<InetAddress> address(String written) {
        String text = written.toLowerCase(Locale.ROOT);
        if (!IPV4.matcher(text).matches() && !IPV6.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** An address with a dash for each dot or colon: the first label of a Pod's name. */
    static Optional<InetAddress> dashed(String label) {
        String dotted = label.replace('-', '.');
        return IPV4.matcher(dotted).matches() ? address(dotted) : address(label.replace('-', ':'));
    }

    /** The name of an endpoint that has none of its own. */
    static String dashes(String address) {
        return address.replace('.', '-').replace(':', '-');
    }
}
