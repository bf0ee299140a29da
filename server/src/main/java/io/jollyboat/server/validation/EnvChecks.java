package io.jollyboat.server.validation;

import io.jollyboat.api.NameRules;
import io.jollyboat.api.Quantity;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What must be true of a container's environment. */
final class EnvChecks {
    private static final List<String> SOURCES =
            List.of("fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef");
    private static final List<String> ENV_FIELDS = List.of(
            "metadata.name",
            "metadata.namespace",
            "metadata.uid",
            "spec.nodeName",
            "spec.serviceAccountName",
            "status.hostIP",
            "status.hostIPs",
            "status.podIP",
            "status.podIPs");
    private static final List<String> AMOUNTS = List.of(
            "limits.cpu",
            "limits.ephemeral-storage",
            "limits.memory",
            "requests.cpu",
            "requests.ephemeral-storage",
            "requests.memory");
    private static final List<String> BYTES =
            List.of("1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei");
    private static final Pattern SUBSCRIPT = Pattern.compile("(metadata\\.(?:labels|annotations))\\['(.*)']");

    private EnvChecks() {}

    static void env(Place container) {
        for (Place variable : container.each("env")) {
            Values.envName(variable.at("name"));
            Place from = variable.at("valueFrom");
            if (from.isThere()) {
                source(from, variable.at("value").isSet());
            }
        }
        for (Place all : container.each("envFrom")) {
            if (all.at("prefix").isSet()) {
                Values.envName(all.at("prefix"));
            }
            List<Place> given = List.of(all.at("configMapRef"), all.at("secretRef")).stream()
                    .filter(Place::isThere)
                    .toList();
            for (Place ref : given) {
                ref.at("name").mustBeSet();
                Values.dnsSubdomain(ref.at("name"));
            }
            if (given.size() != 1) {
                container
                        .at("envFrom")
                        .quoting("")
                        .invalid(
                                given.isEmpty()
                                        ? "must specify one of: `configMapRef` or `secretRef`"
                                        : "may not have more than one field specified at a time");
            }
        }
    }

    private static void source(Place from, boolean hasValue) {
        List<Place> given =
                SOURCES.stream().map(from::at).filter(Place::isThere).toList();
        field(from.at("fieldRef"), ENV_FIELDS);
        amount(from.at("resourceFieldRef"));
        for (String ref : List.of("configMapKeyRef", "secretKeyRef")) {
            Place selected = from.at(ref);
            if (selected.isThere()) {
                key(selected);
            }
        }
        if (given.isEmpty()) {
            from.quoting("")
                    .invalid("must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef`"
                            + " or `fileKeyRef`");
        } else if (hasValue) {
            from.quoting("").invalid("may not be specified when `value` is not empty");
        } else if (given.size() > 1) {
            from.quoting("").invalid("may not have more than one field specified at a time");
        }
    }

    private static void key(Place selected) {
        Place name = selected.at("name").orEmpty();
        name.invalid(NameRules.dnsSubdomain(name.text()));
        if (selected.at("key").isSet()) {
            Values.configKey(selected.at("key"), selected.text("key"));
        } else {
            selected.at("key").required("");
        }
    }

    /** A field of the Pod, as the environment and downward volumes may show it. */
    static void field(Place ref, List<String> known) {
        if (!ref.isThere()) {
            return;
        }
        Place path = ref.at("fieldPath");
        Matcher subscript = SUBSCRIPT.matcher(path.text());
        if (!path.isSet()) {
            path.required("");
        } else if (subscript.matches()) {
            ref.quoting(subscript.group(2)).invalid(NameRules.qualified(subscript.group(2)));
        } else if (!known.contains(path.text())) {
            boolean exists = ENV_FIELDS.contains(path.text()) || VolumeChecks.FIELDS.contains(path.text());
            if (exists) {
                path.notSupported(known);
            } else {
                path.invalid("error converting fieldPath: field label not supported: " + path.text());
            }
        }
    }

    static void amount(Place ref) {
        Place resource = ref.at("resource");
        if (!ref.isThere()) {
            return;
        }
        if (!resource.isSet()) {
            resource.required("");
        } else if (!AMOUNTS.contains(resource.text()) && !resource.text().contains(".hugepages-")) {
            resource.notSupported(AMOUNTS);
        } else {
            divisor(ref.at("divisor"), resource.text());
        }
    }

    /** In what an amount is told: thousandths of processors, and the powers that bytes are counted in. */
    private static void divisor(Place divisor, String resource) {
        Optional<Quantity> unit = Quantity.parse(divisor.text()).filter(quantity -> !quantity.isZero());
        boolean cpu = resource.endsWith(".cpu");
        List<String> known = cpu ? List.of("1m", "1") : BYTES;
        if (unit.isPresent() && !known.contains(unit.get().toString())) {
            String what = cpu ? "cpu" : resource.endsWith("memory") ? "memory" : "local ephemeral storage";
            if (resource.contains("hugepages")) {
                what = "hugepages";
            }
            String shown = cpu ? "1m and 1" : String.join(", ", BYTES);
            divisor.quoting(resource)
                    .invalid("only divisor's values %s are supported with the %s resource".formatted(shown, what));
        }
    }
}
