package io.jollyboat.api;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Says in Kubernetes' words what is wrong with a name; an empty list means nothing is. {@link Names} answers the same
 * questions with yes or no.
 */
public final class NameRules {
    private static final String LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    private static final String DNS_1035 = "[a-z]([-a-z0-9]*[a-z0-9])?";
    private static final String KEY = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
    private static final String KEY_RULE =
            "must consist of alphanumeric characters, '-', '_' or '.', and must start and "
                    + "end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for "
                    + "validation is '" + KEY + "')";
    private static final String VALUE_RULE = "a valid label must be an empty string or consist of alphanumeric "
            + "characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or "
            + "'my_value',  or '12345', regex used for validation is '(" + KEY + ")?')";
    private static final String SUBDOMAIN_RULE =
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric "
                    + "characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex "
                    + "used for validation is '" + LABEL + "(\\." + LABEL + ")*')";
    private static final String UNDERSCORED = "_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?";
    private static final String UNDERSCORED_RULE =
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must "
                    + "start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '"
                    + UNDERSCORED + "(\\." + UNDERSCORED + ")*')";
    private static final String LABEL_RULE = "a lowercase RFC 1123 label must consist of lower case alphanumeric "
            + "characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', "
            + "regex used for validation is '" + LABEL + "')";
    private static final String DNS_1035_RULE =
            "a DNS-1035 label must consist of lower case alphanumeric characters or "
                    + "'-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or "
                    + "'abc-123', regex used for validation is '" + DNS_1035 + "')";
    private static final String C_IDENTIFIER = "[A-Za-z_][A-Za-z0-9_]*";
    private static final String C_IDENTIFIER_RULE =
            "a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric "
                    + "characters or '_' (e.g. 'my_name',  or 'MY_NAME',  or 'MyName', regex used for validation is '"
                    + C_IDENTIFIER + "')";

    private NameRules() {}

    /** Of a label or annotation key, or any other {@code [prefix/]name}. */
    public static List<String> qualified(String key) {
        if (Names.isQualified(key)) {
            return List.of();
        }
        int slash = key.indexOf('/');
        String name = key.substring(slash + 1);
        if (name.indexOf('/') >= 0) {
            return List.of("a valid label key " + KEY_RULE
                    + " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')");
        }
        List<String> wrong = new ArrayList<>();
        if (slash == 0) {
            wrong.add("prefix part must be non-empty");
        } else if (slash > 0) {
            dnsSubdomain(key.substring(0, slash), "bytes").forEach(rule -> wrong.add("prefix part " + rule));
        }
        if (name.isEmpty()) {
            wrong.add("name part must be non-empty");
        } else if (name.length() > Names.LABEL_LIMIT) {
            wrong.add("name part " + tooLong(Names.LABEL_LIMIT, "bytes"));
        }
        if (!name.matches(KEY)) {
            wrong.add("name part " + KEY_RULE);
        }
        return wrong;
    }

    public static List<String> labelValue(String value) {
        return Names.isLabelValue(value)
                ? List.of()
                : wrong(value, Names.LABEL_LIMIT, "bytes", value.matches(KEY), VALUE_RULE);
    }

    public static List<String> dnsSubdomain(String name) {
        return dnsSubdomain(name, "characters");
    }

    private static List<String> dnsSubdomain(String name, String unit) {
        if (Names.isDnsSubdomain(name)) {
            return List.of();
        }
        boolean sound = Stream.of(name.split("\\.", -1)).allMatch(label -> label.matches(LABEL));
        return wrong(name, Names.SUBDOMAIN_LIMIT, unit, sound, SUBDOMAIN_RULE);
    }

    public static List<String> dnsLabel(String name) {
        if (Names.isDnsLabel(name)) {
            return List.of();
        }
        String rule = Names.isDnsSubdomain(name) ? "must not contain dots" : LABEL_RULE;
        return wrong(name, Names.LABEL_LIMIT, name.matches(LABEL), rule);
    }

    public static List<String> dns1035Label(String name) {
        return Names.isDns1035Label(name)
                ? List.of()
                : wrong(name, Names.LABEL_LIMIT, name.matches(DNS_1035), DNS_1035_RULE);
    }

    /** As programs name things: letters, digits and underscores, no digit first. */
    public static List<String> cIdentifier(String name) {
        return name.matches(C_IDENTIFIER) ? List.of() : List.of(C_IDENTIFIER_RULE);
    }

    /** Of a domain in which to search: its labels may begin with an underscore and contain more of them. */
    public static List<String> dnsSubdomainWithUnderscore(String name) {
        boolean sound = Stream.of(name.split("\\.", -1)).allMatch(label -> label.matches(UNDERSCORED));
        return wrong(name, Names.SUBDOMAIN_LIMIT, sound, UNDERSCORED_RULE);
    }

    private static List<String> wrong(String text, int limit, boolean onlyLength, String rule) {
        return wrong(text, limit, "characters", onlyLength, rule);
    }

    private static List<String> wrong(String text, int limit, String unit, boolean onlyLength, String rule) {
        List<String> wrong = new ArrayList<>();
        if (text.length() > limit) {
            wrong.add(tooLong(limit, unit));
        }
        if (!onlyLength) {
            wrong.add(rule);
        }
        return wrong;
    }

    /** Some rules count in bytes and some in characters, of which each is a byte where all else is right. */
    private static String tooLong(int limit, String unit) {
        return "must be no more than " + limit + " " + unit;
    }
}
