package io.jollyboat.server.validation;

import io.jollyboat.api.NameRules;
import io.jollyboat.api.Quantity;
import java.util.Optional;
import java.util.Set;

/** Amounts that containers request and may use. */
final class ResourceChecks {
    private static final Set<String> STANDARD = Set.of("cpu", "memory", "ephemeral-storage");
    private static final Set<String> ELSEWHERE = Set.of("storage", "pods", "services", "secrets", "configmaps");

    private ResourceChecks() {}

    static void requirements(Place resources) {
        for (String side : java.util.List.of("limits", "requests")) {
            for (Place amount : resources.values(side)) {
                String name = name(amount);
                name(amount.quoting(name), name);
                Values.quantity(amount);
                Optional<Quantity> quantity = Quantity.parse(amount.text());
                if (isExtended(name) && quantity.isPresent() && !quantity.get().isWhole()) {
                    amount.invalid("must be an integer");
                }
            }
        }
        for (Place request : resources.values("requests")) {
            compare(request, name(request), resources);
        }
    }

    private static void compare(Place request, String name, Place resources) {
        Optional<Quantity> asked = Quantity.parse(request.text());
        Optional<Quantity> limit = Quantity.parse(resources.in("limits", name).text());
        if (asked.isEmpty() || limit.isEmpty()) {
            return;
        }
        Place requests = resources.at("requests").quoting(asked.get().toString());
        if (isExtended(name) && asked.get().compareTo(limit.get()) != 0) {
            requests.invalid("must be equal to " + name + " limit of " + limit.get());
        } else if (asked.get().compareTo(limit.get()) > 0) {
            requests.invalid("must be less than or equal to " + name + " limit of " + limit.get());
        }
    }

    private static void name(Place place, String name) {
        place.invalid(NameRules.qualified(name));
        if (name.indexOf('/') < 0 && !STANDARD.contains(name) && !name.startsWith("hugepages-")) {
            place.invalid(
                    ELSEWHERE.contains(name)
                            ? "must be a standard resource for containers"
                            : "must be a standard resource type or fully qualified");
        }
    }

    private static boolean isExtended(String name) {
        return name.indexOf('/') >= 0 && !name.startsWith("kubernetes.io/");
    }

    private static String name(Place amount) {
        int open = amount.path().indexOf('[', amount.path().lastIndexOf("resources."));
        return amount.path().substring(open + 1, amount.path().length() - 1);
    }
}
