package io.jollyboat.server.validation;

import io.jollyboat.api.NameRules;
import io.jollyboat.api.Quantity;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * What must be true of ResourceQuotas and LimitRanges.
 *
 * <p>Source: the validation of the core group.
 */
final class QuotaChecks {
    private static final List<String> SCOPES = List.of(
            "BestEffort",
            "CrossNamespacePodAffinity",
            "NotBestEffort",
            "NotTerminating",
            "PriorityClass",
            "Terminating",
            "VolumeAttributesClass");
    /** Scopes that are there or not: they have no values. */
    private static final List<String> PLAIN_SCOPES =
            List.of("BestEffort", "NotBestEffort", "Terminating", "NotTerminating", "CrossNamespacePodAffinity");

    private static final List<Set<String>> OPPOSITES =
            List.of(Set.of("BestEffort", "NotBestEffort"), Set.of("Terminating", "NotTerminating"));
    private static final Set<String> OF_PODS =
            Set.of("pods", "cpu", "memory", "limits.cpu", "limits.memory", "requests.cpu", "requests.memory");
    private static final Set<String> OF_CLAIMS = Set.of("persistentvolumeclaims", "requests.storage");
    private static final Set<String> LIMIT_TYPES = Set.of("Pod", "Container", "PersistentVolumeClaim");
    private static final String OTHER_RESOURCE = "unsupported scope applied to resource";
    private static final String CONFLICT = "conflicting scopes";

    private QuotaChecks() {}

    static void quota(Place quota) {
        Place spec = quota.at("spec");
        Place hard = spec.at("hard");
        for (String name : hard.node().propertyNames()) {
            Place amount = hard.key(name);
            ResourceChecks.name(amount, name);
            if (ResourceChecks.isPlain(name) && !ResourceChecks.isOfQuota(name)) {
                amount.quoting(name).invalid("must be a standard resource for quota");
            }
            ResourceChecks.amount(amount, name);
        }
        Place scopes = spec.at("scopes");
        Set<String> chosen = new TreeSet<>();
        for (Place scope : scopes.elements()) {
            if (!SCOPES.contains(scope.text())) {
                scopes.invalid("unsupported scope");
            }
            suits(scope.text(), hard, scopes);
            chosen.add(scope.text());
        }
        conflict(chosen, scopes);
        if (spec.at("scopeSelector").isThere()) {
            selector(spec.at("scopeSelector"), hard);
        }
    }

    /** Which scopes there are stays; how often each is named may change. */
    static void change(Place newer, Place stored) {
        Place now = newer.in("spec", "scopes");
        if (!texts(now).equals(texts(stored.in("spec", "scopes")))) {
            now.invalid("field is immutable");
        }
    }

    private static Set<String> texts(Place list) {
        Set<String> texts = new TreeSet<>();
        list.elements().forEach(each -> texts.add(each.text()));
        return texts;
    }

    private static void selector(Place selector, Place hard) {
        // Kubernetes names no element here
        Place all = selector.at("matchExpressions");
        Set<String> chosen = new TreeSet<>();
        for (Place one : all.elements()) {
            Place expression = one.toldAs(all.path());
            Place scope = expression.at("scopeName").quoting(expression.text("scopeName"));
            Place operator = expression.at("operator").quoting(expression.text("operator"));
            Place values = expression.at("values");
            if (!SCOPES.contains(scope.text())) {
                scope.invalid("unsupported scope");
            }
            suits(scope.text(), hard, selector.shownAs("ScopeSelector").toldAs(all.path()));
            if (PLAIN_SCOPES.contains(scope.text()) && !operator.text().equals("Exists")) {
                operator.invalid("must be 'Exists' when scope is any of ResourceQuotaScopeTerminating,"
                        + " ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort,"
                        + " ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity");
            }
            switch (operator.text()) {
                case "In", "NotIn" -> {
                    if (!values.isSet()) {
                        values.required(
                                "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector");
                    }
                }
                case "Exists", "DoesNotExist" -> {
                    if (values.isSet()) {
                        values.invalid(
                                "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector");
                    }
                }
                default -> operator.invalid("not a valid selector operator");
            }
            chosen.add(scope.text());
        }
        conflict(chosen, all);
    }

    private static void suits(String scope, Place hard, Place told) {
        for (String name : hard.node().propertyNames()) {
            boolean suits = switch (scope) {
                case "BestEffort" -> name.equals("pods");
                case "Terminating", "NotTerminating", "NotBestEffort", "PriorityClass", "CrossNamespacePodAffinity" ->
                    OF_PODS.contains(name);
                case "VolumeAttributesClass" -> OF_CLAIMS.contains(name);
                default -> true;
            };
            if (ResourceChecks.isOfQuota(name) && !suits) {
                told.invalid(OTHER_RESOURCE);
            }
        }
    }

    private static void conflict(Set<String> chosen, Place told) {
        OPPOSITES.stream().filter(chosen::containsAll).forEach(pair -> told.invalid(CONFLICT));
    }

    static void limitRange(Place range) {
        Place limits = range.in("spec", "limits");
        Set<String> types = new TreeSet<>();
        for (Place item : limits.elements()) {
            String type = item.text("type");
            Place kind = item.at("type").quoting(type);
            List<String> wrong = NameRules.qualified(type);
            kind.invalid(wrong);
            if (wrong.isEmpty() && !LIMIT_TYPES.contains(type) && type.indexOf('/') < 0) {
                kind.invalid("must be a standard limit type or fully qualified");
            }
            if (!types.add(type)) {
                kind.duplicate();
            }
            limit(item, type);
        }
    }

    private static void limit(Place item, String type) {
        Set<String> names = new TreeSet<>();
        for (String field : List.of("max", "min", "default", "defaultRequest")) {
            if (type.equals("Pod") && field.startsWith("default")) {
                if (item.at(field).isSet()) {
                    item.at(field).forbidden("may not be specified when `type` is 'Pod'");
                }
            } else {
                names(item.at(field), type, names);
            }
        }
        if (type.equals("PersistentVolumeClaim")
                && !item.in("min", "storage").isThere()
                && !item.in("max", "storage").isThere()) {
            item.at("limits").required("either minimum or maximum storage value is required, but neither was provided");
        }
        names(item.at("maxLimitRequestRatio"), type, names);
        names.forEach(name -> compare(item, name));
    }

    private static void names(Place amounts, String type, Set<String> names) {
        for (String name : amounts.node().propertyNames()) {
            names.add(name);
            ResourceChecks.name(amounts.key(name), name);
            if (LIMIT_TYPES.contains(type) && !type.equals("PersistentVolumeClaim")) {
                ResourceChecks.ofContainers(amounts.key(name), name);
            }
        }
    }

    private static void compare(Place item, String name) {
        notMore(item, name, "min", "max", "min", "min value %s is greater than max value %s");
        notMore(
                item,
                name,
                "min",
                "defaultRequest",
                "defaultRequest",
                "min value %s is greater than default request value %s");
        notMore(
                item,
                name,
                "defaultRequest",
                "max",
                "defaultRequest",
                "default request value %s is greater than max value %s");
        notMore(
                item,
                name,
                "defaultRequest",
                "default",
                "defaultRequest",
                "default request value %s is greater than default limit value %s");
        notMore(item, name, "min", "default", "default", "min value %s is greater than default value %s");
        notMore(item, name, "default", "max", "default", "default value %s is greater than max value %s");
        ratio(item, name);
        Optional<Quantity> given = amount(item, "default", name);
        Optional<Quantity> asked = amount(item, "defaultRequest", name);
        if (!ResourceChecks.mayBeOvercommitted(name)
                && given.isPresent()
                && asked.isPresent()
                && given.get().compareTo(asked.get()) != 0) {
            item.at("defaultRequest")
                    .key(name)
                    .invalid("default value %s must equal to defaultRequest value %s in %s"
                            .formatted(given.get(), asked.get(), name));
        }
    }

    private static void ratio(Place item, String name) {
        Place place = item.at("maxLimitRequestRatio").key(name);
        Optional<Quantity> ratio = Quantity.parse(place.text());
        if (ratio.isEmpty()) {
            return;
        }
        if (ratio.get().compareTo(Quantity.of(1)) < 0) {
            place.invalid("ratio %s is less than 1".formatted(ratio.get()));
        }
        Optional<Quantity> least = amount(item, "min", name).filter(min -> !min.isZero());
        Optional<Quantity> most = amount(item, "max", name);
        if (least.isPresent() && most.isPresent()) {
            double limit =
                    most.get().value().doubleValue() / least.get().value().doubleValue();
            if (ratio.get().value().doubleValue() > limit) {
                place.invalid("ratio %s is greater than max/min = %f".formatted(ratio.get(), limit));
            }
        }
    }

    private static Optional<Quantity> amount(Place item, String field, String name) {
        JsonNode amount = item.at(field).node().path(name);
        return Quantity.parse(amount.asString(""));
    }

    /** @param told the field at which it is said, with the amount of the smaller side */
    private static void notMore(Place item, String name, String less, String more, String told, String words) {
        Optional<Quantity> small = amount(item, less, name);
        Optional<Quantity> large = amount(item, more, name);
        if (small.isPresent() && large.isPresent() && small.get().compareTo(large.get()) > 0) {
            Place place = item.at(told).key(name);
            // of a default that is too small the least is shown
            (told.equals("default") && less.equals("min")
                            ? place.quoting(small.get().toString())
                            : place)
                    .invalid(words.formatted(small.get(), large.get()));
        }
    }
}
