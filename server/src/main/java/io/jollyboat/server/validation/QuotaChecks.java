package io.jollyboat.server.validation;

import io.jollyboat.api.NameRules;
import io.jollyboat.api.Quantity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What must be true of ResourceQuotas and LimitRanges. */
final class QuotaChecks {
    private static final List<String> SCOPES = List.of(
            "BestEffort",
            "CrossNamespacePodAffinity",
            "NotBestEffort",
            "NotTerminating",
            "PriorityClass",
            "Terminating",
            "VolumeAttributesClass");
    private static final Set<String> LIMIT_TYPES = Set.of("Pod", "Container", "PersistentVolumeClaim");

    private QuotaChecks() {}

    static void quota(Place quota) {
        Place spec = quota.at("spec");
        for (Place amount : spec.values("hard")) {
            Values.quantity(amount);
            amount.quoting(key(amount)).invalid(NameRules.qualified(key(amount)));
        }
        for (Place scope : spec.each("scopes")) {
            if (!SCOPES.contains(scope.text())) {
                spec.at("scopes").invalid("unsupported scope");
            }
        }
    }

    static void limitRange(Place range) {
        Place limits = range.in("spec", "limits");
        Values.unique(limits.elements(), "type");
        for (Place item : limits.elements()) {
            String type = item.text("type");
            Place kind = item.at("type").quoting(type);
            kind.invalid(NameRules.qualified(type));
            if (!type.isEmpty() && !LIMIT_TYPES.contains(type) && type.indexOf('/') < 0) {
                kind.invalid("must be a standard limit type or fully qualified");
            }
            List.of("default", "defaultRequest").stream()
                    .map(item::at)
                    .filter(field -> type.equals("Pod") && field.isSet())
                    .forEach(field -> field.forbidden("may not be specified when `type` is 'Pod'"));
            List<String> fields = List.of("max", "min", "default", "defaultRequest", "maxLimitRequestRatio");
            fields.forEach(field -> item.values(field).forEach(Values::quantity));
            notMore(item, "min", "max", "min value %s is greater than max value %s");
            notMore(item, "min", "defaultRequest", "min value %s is greater than default request value %s");
            notMore(item, "min", "default", "min value %s is greater than default value %s");
            notMore(item, "defaultRequest", "max", "default request value %s is greater than max value %s");
            notMore(
                    item,
                    "defaultRequest",
                    "default",
                    "default request value %s is greater than default limit value %s");
            notMore(item, "default", "max", "default value %s is greater than max value %s");
        }
    }

    private static void notMore(Place item, String less, String more, String words) {
        List<Place> wrong = new ArrayList<>(item.values(less));
        for (Place low : wrong) {
            Optional<Quantity> small = Quantity.parse(low.text());
            Optional<Quantity> large = Quantity.parse(item.in(more, key(low)).text());
            if (small.isPresent() && large.isPresent() && small.get().compareTo(large.get()) > 0) {
                low.invalid(words.formatted(small.get(), large.get()));
            }
        }
    }

    private static String key(Place entry) {
        int open = entry.path().indexOf('[', entry.path().lastIndexOf("]."));
        return entry.path().substring(open + 1, entry.path().length() - 1);
    }
}
