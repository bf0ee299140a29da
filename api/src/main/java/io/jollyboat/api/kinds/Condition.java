package io.jollyboat.api.kinds;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * When a rule holds, told by fields beside the one it is about: {@code type=NodePort|LoadBalancer}, {@code externalIPs}
 * (is set), {@code !parallelism} (is not), several with {@code " & "} between.
 */
public final class Condition {
    /** One term; {@code values} is empty where only being set counts. */
    private record Term(Path path, boolean set, Set<String> values) {
        boolean holds(JsonNode node) {
            JsonNode value = path.first(node);
            if (!values.isEmpty()) {
                return values.contains(value.asString("")) == set;
            }
            return isUnset(value) != set;
        }
    }

    public static final Condition ALWAYS = new Condition(List.of());

    private final List<Term> terms;

    private Condition(List<Term> terms) {
        this.terms = terms;
    }

    /** Reads the text of a condition. */
    public static Condition of(String text) {
        List<Term> terms = new ArrayList<>();
        for (String part : text.split(" & ")) {
            int equals = part.indexOf('=');
            boolean not = part.startsWith("!") || equals > 0 && part.charAt(equals - 1) == '!';
            String name = equals < 0 ? part : part.substring(0, equals);
            Set<String> values =
                    equals < 0 ? Set.of() : Set.of(part.substring(equals + 1).split("\\|"));
            terms.add(new Term(Path.of(name.replace("!", "")), !not, values));
        }
        return new Condition(terms);
    }

    /** Whether it holds in an object. */
    public boolean holds(JsonNode node) {
        return terms.stream().allMatch(term -> term.holds(node));
    }

    /** Missing, null, or as good as missing: an empty string, list or object. */
    public static boolean isUnset(JsonNode value) {
        return value.isMissingNode()
                || value.isNull()
                || value.isContainer() && value.isEmpty()
                || value.isString() && value.asString().isEmpty();
    }
}
