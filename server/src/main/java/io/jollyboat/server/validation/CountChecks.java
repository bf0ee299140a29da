package io.jollyboat.server.validation;

import io.jollyboat.api.kinds.TextTable;
import java.util.List;
import java.util.Map;

/** What must be true of the numbers in a status: the table {@code counts.txt}. */
final class CountChecks {
    /** Stands for the same number as it is stored. */
    private static final String BEFORE = "before";

    private static final Map<String, List<List<String>>> COUNTS = TextTable.sections(CountChecks.class, "counts.txt");

    private CountChecks() {}

    static void check(String subject, Place newer, Place stored) {
        Place status = newer.at("status");
        for (List<String> row : COUNTS.getOrDefault(subject, List.of())) {
            Place count = status.at(row.getFirst()).orZero();
            if (row.size() == 1) {
                Values.nonNegative(count);
            } else if (row.get(1).equals(BEFORE)) {
                notLess(count, stored.in("status", row.getFirst()), row.get(2));
            } else if (count.number() > status.at(row.get(1)).number()) {
                count.invalid(row.get(2));
            }
        }
    }

    private static void notLess(Place count, Place before, String message) {
        if (before.isThere() && count.number() < before.number()) {
            count.invalid(message);
        }
    }
}
