package io.jollyboat.server.validation;

import io.jollyboat.api.Quantity;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Compares values as Kubernetes does: what is empty equals what is missing, and amounts equal by their size. */
final class Likeness {
    private Likeness() {}

    static boolean same(JsonNode one, JsonNode other) {
        if (isEmpty(one) || isEmpty(other)) {
            return isEmpty(one) && isEmpty(other);
        }
        if (one.isObject() && other.isObject()) {
            Set<String> names = new HashSet<>(one.propertyNames());
            names.addAll(other.propertyNames());
            return names.stream().allMatch(name -> same(one.path(name), other.path(name)));
        }
        if (one.isArray() && other.isArray()) {
            boolean same = one.size() == other.size();
            for (int i = 0; same && i < one.size(); i++) {
                same = same(one.get(i), other.get(i));
            }
            return same;
        }
        return one.equals(other) || sameAmount(one, other);
    }

    private static boolean isEmpty(JsonNode node) {
        return node.isMissingNode() || node.isNull() || node.isContainer() && node.isEmpty();
    }

    private static boolean sameAmount(JsonNode one, JsonNode other) {
        Optional<Quantity> amount = Quantity.parse(one.asString(""));
        return amount.isPresent()
                && Quantity.parse(other.asString(""))
                        .filter(more -> more.compareTo(amount.get()) == 0)
                        .isPresent();
    }
}
