package io.jollyboat.server.validation;

import io.jollyboat.api.NameRules;
import io.jollyboat.api.kinds.Condition;
import io.jollyboat.api.kinds.Path;
import io.jollyboat.api.kinds.TextTable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The simple rules, of kinds and of the parts they share: the tables {@code rules.txt} and {@code immutable.txt}. */
final class Rules {
    /**
     * A row: where {@code when} holds in the object that has the field, the field is checked.
     *
     * @param pointer Go holds the field by pointer: "" is a value, and not as good as none
     */
    private record Rule(Path path, boolean pointer, boolean alsoMissing, Condition when, Check check) {
        void apply(Place whole) {
            path.parent().eachObject(whole.node(), whole.path(), (at, holder) -> {
                if (!when.holds(holder)) {
                    return;
                }
                Place place = new Place(at, holder, whole.causes());
                if (alsoMissing) {
                    check.check(place.at(path.leaf()));
                } else {
                    path.last().each(holder, at, (where, value) -> {
                        if (pointer || !value.isString() || !value.asString().isEmpty()) {
                            check.check(new Place(where, value, whole.causes()));
                        }
                    });
                }
            });
        }
    }

    /** A field that stays as it is while {@code when} holds in the stored object. */
    private record Fixed(
            List<String> fields, boolean pointer, boolean forbidden, String message, Condition when, String part) {
        void apply(Place newer, Place stored) {
            Place now = newer.in(fields.toArray(String[]::new));
            Place before = stored.in(fields.toArray(String[]::new));
            if (when.holds(stored.node()) && !Likeness.same(now.node(), before.node())) {
                if (forbidden) {
                    now.forbidden(message);
                } else {
                    Place shown = part.isEmpty() ? now : now.shownAs(part);
                    boolean text = before.node().isString() && !pointer && !now.isThere();
                    (text ? shown.orEmpty() : shown).invalid(message);
                }
            }
        }
    }

    private static final Map<String, List<Rule>> BY_SUBJECT = read();
    private static final Map<String, List<Fixed>> FIXED = readFixed();

    private Rules() {}

    /** All rules of a kind or part. */
    static void check(String subject, Place whole) {
        BY_SUBJECT.getOrDefault(subject, List.of()).forEach(rule -> rule.apply(whole));
    }

    static void checkChange(String subject, Place newer, Place stored) {
        FIXED.getOrDefault(subject, List.of()).forEach(fixed -> fixed.apply(newer, stored));
    }

    private static Map<String, List<Rule>> read() {
        Map<String, List<Rule>> rules = new HashMap<>();
        TextTable.sections(Rules.class, "rules.txt")
                .forEach((subject, rows) ->
                        rules.put(subject, rows.stream().map(Rules::rule).toList()));
        return rules;
    }

    /** Reads {@code path  rule  [condition or -]  [message]}. */
    private static Rule rule(List<String> row) {
        Condition when = row.size() > 2 && !row.get(2).equals("-") ? Condition.of(row.get(2)) : Condition.ALWAYS;
        String message = row.size() > 3 ? row.get(3) : "";
        boolean pointer = row.get(0).endsWith("*");
        Path path = Path.of(row.get(0).replace("*", ""));
        return row.get(1).equals("required")
                ? new Rule(path, pointer, true, when, place -> required(place, pointer, message))
                : new Rule(path, pointer, false, when, named(row.get(1), message));
    }

    private static void required(Place place, boolean pointer, String message) {
        if (pointer ? !place.isThere() : !place.isSet()) {
            place.required(message);
        }
    }

    private static Check named(String rule, String message) {
        int open = rule.indexOf('(');
        String name = open < 0 ? rule : rule.substring(0, open);
        List<String> arguments = open < 0
                ? List.of()
                : List.of(rule.substring(open + 1, rule.length() - 1).split(","));
        return switch (name) {
            case "forbidden" -> place -> place.forbidden(message);
            case "invalid" -> place -> place.invalid(message);
            case "oneOf" -> place -> Values.oneOf(place, arguments);
            case "range" ->
                place -> Values.range(place, Long.parseLong(arguments.get(0)), Long.parseLong(arguments.get(1)));
            case "nonNegative" -> Values::nonNegative;
            case "positive" -> Values::positive;
            case "dnsLabel" -> place -> place.invalid(NameRules.dnsLabel(place.text()));
            case "dnsSubdomain" -> place -> place.invalid(NameRules.dnsSubdomain(place.text()));
            case "dns1035Label" -> place -> place.invalid(NameRules.dns1035Label(place.text()));
            case "atMost" -> place -> Values.atMost(place, Integer.parseInt(arguments.getFirst()));
            case "pathSegment" -> Values::pathSegment;
            case "qualified" -> place -> place.invalid(NameRules.qualified(place.text()));
            case "port" -> Values::port;
            case "portNumberOrName" -> Values::portNumberOrName;
            case "numberOrPercent" -> Values::numberOrPercent;
            case "atMostAll" -> Values::atMostAll;
            case "quantity" -> Values::quantity;
            case "ip" -> Values::ip;
            case "cidr" -> Values::cidr;
            case "domainPath" -> place -> Values.domainPath(place, message);
            case "fullyQualified" -> Values::fullyQualified;
            case "labels" -> Values::labels;
            case "selector" -> Values::selector;
            default -> throw new IllegalStateException("rules.txt names an unknown rule: " + rule);
        };
    }

    private static Map<String, List<Fixed>> readFixed() {
        Map<String, List<Fixed>> fixed = new HashMap<>();
        TextTable.sections(Rules.class, "immutable.txt")
                .forEach((subject, rows) ->
                        fixed.put(subject, rows.stream().map(Rules::fixed).toList()));
        return fixed;
    }

    /** Reads {@code path  invalid|forbidden  message  [condition on what is stored, or -]  [part, see internal.txt]}. */
    private static Fixed fixed(List<String> row) {
        return new Fixed(
                List.of(row.get(0).replace("*", "").split("\\.")),
                row.get(0).endsWith("*"),
                row.get(1).equals("forbidden"),
                row.get(2),
                row.size() > 3 && !row.get(3).equals("-") ? Condition.of(row.get(3)) : Condition.ALWAYS,
                row.size() > 4 ? row.get(4) : "");
    }
}
