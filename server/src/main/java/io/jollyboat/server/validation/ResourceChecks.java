package io.jollyboat.server.validation;

import io.jollyboat.api.NameRules;
import io.jollyboat.api.Quantity;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Amounts that containers request and may use, and the names of what there is amounts of.
 *
 * <p>Source: the validation and the helpers of the core group.
 */
final class ResourceChecks {
    private static final Set<String> OF_CONTAINERS = Set.of("cpu", "memory", "ephemeral-storage");
    /** What is counted in whole ones. */
    private static final Set<String> COUNTED = Set.of(
            "pods",
            "resourcequotas",
            "services",
            "replicationcontrollers",
            "secrets",
            "configmaps",
            "persistentvolumeclaims",
            "services.nodeports",
            "services.loadbalancers");

    private static final Set<String> SIDES = Set.of(
            "requests.cpu",
            "requests.memory",
            "requests.storage",
            "requests.ephemeral-storage",
            "limits.cpu",
            "limits.memory",
            "limits.ephemeral-storage");
    private static final Map<String, Long> UNITS = Map.of("Ki", 1L << 10, "Mi", 1L << 20, "Gi", 1L << 30);
    private static final String HUGE = "hugepages-";

    private ResourceChecks() {}

    static void requirements(Place resources) {
        Place limits = resources.at("limits");
        Place requests = resources.at("requests");
        for (Place side : List.of(limits, requests)) {
            for (String name : side.node().propertyNames()) {
                Place amount = side.key(name);
                name(amount, name);
                ofContainers(amount, name);
                amount(amount, name);
                huge(amount, name);
                if (side.path().endsWith("requests")) {
                    compare(amount, name, requests, limits);
                }
            }
        }
        boolean huge = false;
        boolean plain = false;
        for (Place side : List.of(limits, requests)) {
            for (String name : side.node().propertyNames()) {
                huge |= name.startsWith(HUGE);
                plain |= name.equals("cpu") || name.equals("memory");
            }
        }
        if (huge && !plain) {
            resources.forbidden("HugePages require cpu or memory");
        }
    }

    /** What an amount that is only limited may be. */
    static void limits(Place limits) {
        for (String name : limits.node().propertyNames()) {
            Place amount = limits.key(name);
            name(amount, name);
            ofContainers(amount, name);
            amount(amount, name);
            huge(amount, name);
        }
    }

    private static void compare(Place request, String name, Place requests, Place limits) {
        Optional<Quantity> asked = Quantity.parse(request.text());
        Optional<Quantity> limit = Quantity.parse(limits.at(name).text());
        boolean exact = !mayBeOvercommitted(name);
        if (exact && !limits.at(name).isThere()) {
            limits.required("Limit must be set for non overcommitable resources");
        }
        if (asked.isEmpty() || limit.isEmpty()) {
            return;
        }
        Place told = requests.quoting(asked.get().toString());
        if (exact && asked.get().compareTo(limit.get()) != 0) {
            told.invalid("must be equal to " + name + " limit of " + limit.get());
        } else if (asked.get().compareTo(limit.get()) > 0) {
            told.invalid("must be less than or equal to " + name + " limit of " + limit.get());
        }
    }

    /** Pages come whole. */
    private static void huge(Place amount, String name) {
        if (!name.startsWith(HUGE)) {
            return;
        }
        String size = name.substring(HUGE.length());
        String unit = size.length() > 2 ? size.substring(size.length() - 2) : "";
        Optional<Quantity> asked = Quantity.parse(amount.text());
        if (asked.isEmpty() || !UNITS.containsKey(unit) || !size.matches("[1-9][0-9]{0,5}..")) {
            return;
        }
        long page = Long.parseLong(size.substring(0, size.length() - 2)) * UNITS.get(unit);
        if (asked.get().units() % page != 0) {
            amount.quoting(asked.get().toString())
                    .invalid(asked.get() + " is not positive integer multiple of " + name);
        }
    }

    /** What is wrong with the name of anything that there are amounts of. */
    static void name(Place amount, String name) {
        List<String> wrong = NameRules.qualified(name);
        amount.quoting(name).invalid(wrong);
        if (wrong.isEmpty() && isPlain(name) && !isStandard(name)) {
            amount.quoting(name).invalid("must be a standard resource type or fully qualified");
        }
    }

    /** As above, of what containers have amounts of. */
    static void ofContainers(Place amount, String name) {
        if (isPlain(name) && !OF_CONTAINERS.contains(name) && !name.startsWith(HUGE)) {
            amount.quoting(name).invalid("must be a standard resource for containers");
        }
    }

    /** What is wrong with an amount: none is negative, some are whole. */
    static void amount(Place amount, String name) {
        Values.quantity(amount);
        if (COUNTED.contains(name) || isExtended(name)) {
            Quantity.parse(amount.text())
                    .filter(quantity -> !quantity.isWhole())
                    .ifPresent(quantity -> amount.invalid("must be an integer"));
        }
    }

    static boolean isPlain(String name) {
        return name.indexOf('/') < 0;
    }

    private static boolean isStandard(String name) {
        return isOfQuota(name) || name.equals("storage");
    }

    /** What a quota may limit. */
    static boolean isOfQuota(String name) {
        return OF_CONTAINERS.contains(name)
                || SIDES.contains(name)
                || COUNTED.contains(name)
                || name.startsWith(HUGE)
                || name.startsWith("requests." + HUGE);
    }

    static boolean mayBeOvercommitted(String name) {
        return isNative(name) && !name.startsWith(HUGE);
    }

    private static boolean isNative(String name) {
        return isPlain(name) || name.contains("kubernetes.io/");
    }

    private static boolean isExtended(String name) {
        return !isNative(name) && !name.startsWith("requests.");
    }
}
