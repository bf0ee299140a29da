package io.jollyboat.api.quota;

import io.jollyboat.api.Quantity;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What many objects take together, kept up as they come and go: a change costs the same among ten objects and among ten
 * thousand. Objects that fall into the same scopes are one sum, so that every quota finds the part that it counts,
 * whatever its scopes are. Whoever shares one between threads guards it.
 */
public final class Tally {
    private final Map<Sort, Sum> sums = new HashMap<>();

    /** What quotas can tell objects apart by. */
    private record Sort(Set<String> scopes, String priorityClass) {
        static Sort of(Usage usage) {
            return new Sort(usage.scopes(), usage.priorityClass());
        }
    }

    /** An amount without the bound of quantities, for what was cut off could not be taken away again. */
    private record Amount(BigDecimal value, Quantity.Form form) {
        Amount plus(BigDecimal more) {
            return new Amount(value.add(more), form);
        }
    }

    private static final class Sum {
        private final Map<String, Amount> amounts = new TreeMap<>();
        private int objects;

        void add(String name, BigDecimal value, Quantity.Form form) {
            Amount sum = amounts.getOrDefault(name, new Amount(BigDecimal.ZERO, form))
                    .plus(value);
            if (sum.value().signum() == 0) {
                amounts.remove(name);
            } else {
                amounts.put(name, sum);
            }
        }
    }

    public void add(Usage usage) {
        Sum sum = sums.computeIfAbsent(Sort.of(usage), sort -> new Sum());
        sum.objects++;
        usage.amounts().forEach((name, amount) -> sum.add(name, amount.value(), amount.form()));
    }

    /** Takes away what was added before. */
    public void remove(Usage usage) {
        Sum sum = sums.get(Sort.of(usage));
        if (sum == null) {
            throw new IllegalArgumentException("it was never added: " + usage);
        }
        sum.objects--;
        usage.amounts().forEach((name, amount) -> sum.add(name, amount.value().negate(), amount.form()));
        if (sum.objects == 0) {
            sums.remove(Sort.of(usage));
        }
    }

    public boolean isEmpty() {
        return sums.isEmpty();
    }

    /** The sums, one for each sort of objects; {@link Quota#used} reads them like single objects. */
    public List<Usage> sums() {
        return sums.entrySet().stream()
                .map(entry -> usage(entry.getKey(), entry.getValue()))
                .toList();
    }

    private static Usage usage(Sort sort, Sum sum) {
        Map<String, Quantity> amounts = new TreeMap<>();
        sum.amounts.forEach((name, amount) -> amounts.put(name, new Quantity(amount.value(), amount.form())));
        return new Usage(amounts, sort.scopes(), sort.priorityClass());
    }
}
