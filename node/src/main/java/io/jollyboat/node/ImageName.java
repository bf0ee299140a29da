package io.jollyboat.node;

import java.util.regex.Pattern;

/** The names of images, as the distribution project's reference grammar has them. */
final class ImageName {
    private static final String COMPONENT = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
    private static final Pattern REFERENCE = Pattern.compile("(?:[A-Za-z0-9][-A-Za-z0-9.]*(?::[0-9]+)?/)?" + COMPONENT
            + "(?:/" + COMPONENT + ")*" + "(?::[A-Za-z0-9_][-A-Za-z0-9_.]{0,127})?"
            + "(?:@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,})?");

    private ImageName() {}

    static boolean isValid(String name) {
        return REFERENCE.matcher(name).matches();
    }

    /** {@code Always} for the tag {@code latest} and for no tag, else {@code IfNotPresent}. */
    static String defaultPolicy(String name) {
        if (name.contains("@")) {
            return "IfNotPresent";
        }
        String last = name.substring(name.lastIndexOf('/') + 1);
        int colon = last.indexOf(':');
        return colon < 0 || last.substring(colon + 1).equals("latest") ? "Always" : "IfNotPresent";
    }
}
