package io.jollyboat.server.validation;

import io.jollyboat.api.NameRules;
import io.jollyboat.api.Names;
import io.jollyboat.api.Quantity;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** The shapes of single values; each check adds nothing for a value that is not there. */
final class Values {
    static final String NOT_NEGATIVE = "must be greater than or equal to 0";
    private static final String PORT_RULE = "must be between 1 and 65535, inclusive";
    private static final int PORT_LIMIT = 65535;
    private static final int PORT_NAME_LIMIT = 15;
    private static final Pattern PERCENT = Pattern.compile("[0-9]+%");
    private static final Pattern CONFIG_KEY = Pattern.compile("[-._a-zA-Z0-9]+");
    private static final int CONFIG_KEY_LIMIT = 253;
    private static final Pattern ENV_NAME = Pattern.compile("[ -<>-~]+");

    private Values() {}

    static void oneOf(Place place, List<String> supported) {
        if (place.isThere() && !supported.contains(place.text())) {
            place.notSupported(supported);
        }
    }

    static void nonNegative(Place place) {
        if (place.node().isNumber() && place.number() < 0) {
            place.invalid(NOT_NEGATIVE);
        }
    }

    static void positive(Place place) {
        if (place.node().isNumber() && place.number() <= 0) {
            place.invalid("must be greater than 0");
        }
    }

    static void range(Place place, long least, long most) {
        if (place.node().isNumber() && (place.number() < least || place.number() > most)) {
            place.invalid("must be between " + least + " and " + most + ", inclusive");
        }
    }

    static void atMost(Place place, int bytes) {
        if (place.text().getBytes(StandardCharsets.UTF_8).length > bytes) {
            place.tooLong(bytes);
        }
    }

    static void dnsLabel(Place place) {
        if (place.isSet()) {
            place.invalid(NameRules.dnsLabel(place.text()));
        }
    }

    static void dnsSubdomain(Place place) {
        if (place.isSet()) {
            place.invalid(NameRules.dnsSubdomain(place.text()));
        }
    }

    static void dns1035Label(Place place) {
        if (place.isSet()) {
            place.invalid(NameRules.dns1035Label(place.text()));
        }
    }

    static void qualified(Place place) {
        if (place.isSet()) {
            place.invalid(NameRules.qualified(place.text()));
        }
    }

    /** A domain and a path: {@code example.com/one}. */
    static void domainPath(Place place, String message) {
        if (place.isSet()) {
            String[] parts = place.text().split("/", 2);
            if (parts.length != 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
                place.invalid(message);
            } else {
                place.invalid(NameRules.dnsSubdomain(parts[0]));
            }
        }
    }

    /** A name of at least three labels. */
    static void fullyQualified(Place place) {
        if (place.isSet()) {
            List<String> wrong = NameRules.dnsSubdomain(place.text());
            place.invalid(wrong);
            if (wrong.isEmpty() && place.text().split("\\.").length < 3) {
                place.invalid("should be a domain with at least three segments separated by dots");
            }
        }
    }

    static void port(Place place) {
        if (place.isThere() && (place.number() < 1 || place.number() > PORT_LIMIT)) {
            place.invalid(PORT_RULE);
        }
    }

    static void portNumberOrName(Place place) {
        if (place.node().isString()) {
            place.invalid(portName(place.text()));
        } else if (place.isThere()) {
            port(place);
        }
    }

    /** What is wrong with the name of a port (RFC 6335, in small letters). */
    static List<String> portName(String name) {
        List<String> wrong = new ArrayList<>();
        if (name.length() > PORT_NAME_LIMIT) {
            wrong.add("must be no more than " + PORT_NAME_LIMIT + " characters");
        }
        if (!name.matches("[-a-z0-9]+")) {
            wrong.add("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
        }
        if (!name.matches(".*[a-z].*")) {
            wrong.add("must contain at least one letter (a-z)");
        }
        if (name.contains("--")) {
            wrong.add("must not contain consecutive hyphens");
        }
        if (name.startsWith("-") || name.endsWith("-")) {
            wrong.add("must not begin or end with a hyphen");
        }
        return wrong;
    }

    /** A whole number from 0 on, or a percentage. */
    static void numberOrPercent(Place place) {
        if (place.node().isString() && !PERCENT.matcher(place.text()).matches()) {
            place.invalid("a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or"
                    + " '93%', regex used for validation is '[0-9]+%')");
        }
        nonNegative(place);
    }

    /** A percentage that goes beyond all. */
    static void atMostAll(Place place) {
        String text = place.text();
        if (place.node().isString() && PERCENT.matcher(text).matches()) {
            String digits = text.substring(0, text.length() - 1);
            if (digits.length() > 9 || Integer.parseInt(digits) > 100) {
                place.invalid("must not be greater than 100%");
            }
        }
    }

    static void quantity(Place place) {
        if (!place.isThere()) {
            return;
        }
        Quantity.parse(place.text())
                .ifPresentOrElse(
                        amount -> {
                            if (amount.isNegative()) {
                                place.invalid(NOT_NEGATIVE);
                            }
                        },
                        () -> place.invalid("quantities must match the regular expression"
                                + " '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"));
    }

    static void ip(Place place) {
        if (place.isThere() && !Addresses.isIp(place.text())) {
            place.invalid(Addresses.IP_RULE);
        }
    }

    static void cidr(Place place) {
        if (place.isThere() && !Addresses.isCidr(place.text())) {
            place.invalid("must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)");
        }
    }

    static void configKey(Place place, String key) {
        Place quoted = place.quoting(key);
        if (key.length() > CONFIG_KEY_LIMIT) {
            quoted.invalid("must be no more than " + CONFIG_KEY_LIMIT + " characters");
        }
        if (!CONFIG_KEY.matcher(key).matches()) {
            quoted.invalid(
                    "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',"
                            + "  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')");
        }
        if (key.equals(".") || key.equals("..")) {
            quoted.invalid("must not be '" + key + "'");
        } else if (key.startsWith("..")) {
            quoted.invalid("must not start with '..'");
        }
    }

    static void envName(Place place) {
        if (!place.isSet()) {
            place.required("");
        } else if (!ENV_NAME.matcher(place.text()).matches()) {
            place.invalid(
                    "a valid environment variable name must consist only of printable ASCII characters other than '='");
        }
    }

    /** A map of labels, as metadata, selectors and node selectors have it. */
    static void labels(Place map) {
        for (java.util.Map.Entry<String, JsonNode> label : map.node().properties()) {
            map.quoting(label.getKey()).invalid(NameRules.qualified(label.getKey()));
            String value = label.getValue().asString("");
            map.quoting(value).invalid(NameRules.labelValue(value));
        }
    }

    /** A label selector with {@code matchLabels} and {@code matchExpressions}. */
    static void selector(Place selector) {
        labels(selector.at("matchLabels"));
        for (Place expression : selector.each("matchExpressions")) {
            Place values = expression.at("values");
            switch (expression.text("operator")) {
                case "In", "NotIn" -> {
                    if (!values.isSet()) {
                        values.required("must be specified when `operator` is 'In' or 'NotIn'");
                    }
                }
                case "Exists", "DoesNotExist" -> {
                    if (values.isSet()) {
                        values.forbidden("may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
                    }
                }
                default -> expression.at("operator").orEmpty().invalid("not a valid selector operator");
            }
            Place key = expression.at("key").orEmpty();
            key.invalid(NameRules.qualified(key.text()));
            values.elements().forEach(value -> value.invalid(NameRules.labelValue(value.text())));
        }
    }

    /** Adds a cause for each value of a field that came before. */
    static void unique(List<Place> places, String field) {
        Set<String> seen = new HashSet<>();
        for (Place place : places) {
            Place value = place.at(field);
            if (value.isSet() && !seen.add(value.text())) {
                value.duplicate();
            }
        }
    }

    static void pathSegment(Place name) {
        String text = name.text();
        if (text.equals(".") || text.equals("..")) {
            name.invalid("may not be '" + text + "'");
        }
        for (String part : List.of("/", "%")) {
            if (text.contains(part)) {
                name.invalid("may not contain '" + part + "'");
            }
        }
    }

    /** An annotation's key may have capitals. */
    static void annotationKeys(Place map) {
        for (String key : map.node().propertyNames()) {
            map.quoting(key).invalid(NameRules.qualified(key.toLowerCase(Locale.ROOT)));
        }
    }

    static boolean isSubdomain(String text) {
        return Names.isDnsSubdomain(text);
    }
}
