package io.jollyboat.api;

import java.util.Locale;
import java.util.regex.Pattern;

/** The shapes of names (RFC 1123, RFC 1035, and Kubernetes' rules for label keys and values). */
public final class Names {
    public static final int LABEL_LIMIT = 63;
    public static final int SUBDOMAIN_LIMIT = 253;

    private static final Pattern DNS_LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
    private static final Pattern DNS_1035 = Pattern.compile("[a-z]([-a-z0-9]*[a-z0-9])?");
    private static final Pattern SUBDOMAIN =
            Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
    private static final Pattern QUALIFIED = Pattern.compile("([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]");

    private Names() {}

    public static boolean isDnsLabel(String name) {
        return name.length() <= LABEL_LIMIT && DNS_LABEL.matcher(name).matches();
    }

    public static boolean isDns1035Label(String name) {
        return name.length() <= LABEL_LIMIT && DNS_1035.matcher(name).matches();
    }

    public static boolean isDnsSubdomain(String name) {
        return name.length() <= SUBDOMAIN_LIMIT && SUBDOMAIN.matcher(name).matches();
    }

    /** {@code [prefix/]name}: a label or annotation key, a resource name. */
    public static boolean isQualified(String key) {
        int slash = key.indexOf('/');
        String name = key.substring(slash + 1);
        return (slash < 0 || isDnsSubdomain(key.substring(0, slash)))
                && name.length() <= LABEL_LIMIT
                && QUALIFIED.matcher(name).matches();
    }

    public static boolean isLabelValue(String value) {
        return value.isEmpty()
                || value.length() <= LABEL_LIMIT && QUALIFIED.matcher(value).matches();
    }

    static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
