package io.jollyboat.server.validation;

import io.jollyboat.api.NameRules;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.node.MissingNode;

/**
 * What must be true of claims for devices and of the devices that drivers offer. Expressions in CEL are taken as they are.
 *
 * <p>Source: the validation of resource.k8s.io in Kubernetes 1.35.
 */
final class DeviceChecks {
    private static final int MOST_REQUESTS = 32;
    private static final int MOST_ALTERNATIVES = 8;
    private static final int MOST_DEVICES = 128;
    private static final int MOST_ATTRIBUTES = 32;
    private static final int LONGEST_VALUE = 64;
    private static final int LONGEST_POOL = 253;
    private static final int LONGEST_DRIVER = 63;
    /** Of three numbers, what comes before a release after "-", what it was built of after "+"; source: semver.org. */
    private static final Pattern VERSION = Pattern.compile("(0|[1-9]\\d*)\\.(0|[1-9]\\d*)\\.(0|[1-9]\\d*)"
            + "(-(0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)(\\.(0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*))*)?"
            + "(\\+[0-9a-zA-Z-]+(\\.[0-9a-zA-Z-]+)*)?");

    private static final int LONGEST_NAME = 32;
    private static final String ONE_OF_BOTH = "exactly one of `exactly` or `firstAvailable` is required";
    private static final String NO_REQUEST = "must be the name of a request in the claim or the name of a request and"
            + " a subrequest separated by '/'";
    /** Where the devices of a slice may be said to be, exactly once. */
    private static final List<String> WHEREABOUTS =
            List.of("nodeName", "nodeSelector", "allNodes", "perDeviceNodeSelection");

    private DeviceChecks() {}

    static void deviceClass(Place deviceClass) {
        deviceClass.in("spec").each("config").forEach(DeviceChecks::setting);
    }

    static void claim(Place claim) {
        devices(claim.in("spec", "devices"));
    }

    static void template(Place template) {
        Metadata.labelsAndAnnotations(template.in("spec", "metadata"));
        devices(template.in("spec", "spec", "devices"));
    }

    /** What a status says must agree with what is claimed. */
    static void claimStatus(Place claim, Place before) {
        Place status = claim.at("status");
        Place given = status.at("allocation");
        unique(status.each("reservedFor"), "uid");
        for (Place user : status.each("reservedFor")) {
            List.of("resource", "name", "uid").forEach(field -> user.at(field).mustBeSet());
        }
        if (status.at("reservedFor").isSet() && !given.isThere()) {
            status.at("reservedFor").forbidden("may not be specified when `allocated` is not set");
        }
        Place earlier = before.in("status", "allocation");
        if (given.isThere() && earlier.isThere()) {
            if (!Likeness.same(given.node(), earlier.node())) {
                given.invalid("field is immutable");
            }
            return;
        }
        Set<String> names = names(claim.in("spec", "devices"));
        for (Place result : given.in("devices", "results").elements()) {
            reference(result.at("request"), names);
            List.of("driver", "pool", "device")
                    .forEach(field -> result.at(field).mustBeSet());
        }
    }

    static void slice(Place slice) {
        Place spec = slice.at("spec");
        driver(spec.at("driver"));
        pool(spec.in("pool", "name"));
        atLeast(spec.in("pool", "resourceSliceCount").orZero(), 1, "must be greater than zero");
        atLeast(spec.in("pool", "generation").orZero(), 0, "must be greater than or equal to zero");
        whereabouts(spec);
        limit(spec.at("devices"), MOST_DEVICES);
        unique(spec.each("devices"), "name");
        for (Place device : spec.each("devices")) {
            label(device.at("name"));
            for (String map : List.of("attributes", "capacity")) {
                device.values(map).forEach(value -> key(device.at(map), value));
            }
            device.values("attributes").forEach(DeviceChecks::attribute);
            int properties = device.at("attributes").node().size()
                    + device.at("capacity").node().size();
            if (properties > MOST_ATTRIBUTES) {
                device.invalidAsSuch(properties + ": the total number of attributes and capacities must not exceed "
                        + MOST_ATTRIBUTES);
            }
        }
    }

    private static void whereabouts(Place spec) {
        List<String> said = WHEREABOUTS.stream()
                .filter(field -> spec.at(field).isSet() || spec.isTrue(field))
                .map(field -> "`" + field + "`")
                .toList();
        if (spec.at("allNodes").isThere() && !spec.isTrue("allNodes")) {
            spec.at("allNodes").invalid("must be either unset or set to true");
        }
        Place node = spec.at("nodeName");
        if (node.isSet()) {
            node.invalid(NameRules.dnsSubdomain(node.text()));
        } else if (node.isThere()) {
            node.invalid("must be either unset or set to a non-empty string");
        }
        String all = WHEREABOUTS.stream().map(field -> "`" + field + "`").collect(Collectors.joining(", "));
        if (said.isEmpty()) {
            spec.required("exactly one of " + all + " is required");
        } else if (said.size() > 1) {
            spec.quoting("{" + String.join(", ", said) + "}")
                    .invalid("exactly one of " + all + " is required, but multiple fields are set");
        }
    }

    private static void pool(Place name) {
        if (!name.isSet()) {
            return; // told by the table
        }
        if (name.text().length() > LONGEST_POOL) {
            name.tooLong(LONGEST_POOL);
        }
        for (String part : name.text().split("/", -1)) {
            name.quoting(part).invalid(NameRules.dnsSubdomain(part));
        }
    }

    private static void driver(Place name) {
        if (!name.isSet()) {
            name.required("");
            return;
        }
        if (name.text().length() > LONGEST_DRIVER) {
            name.tooLong(LONGEST_DRIVER);
        }
        name.invalid(NameRules.dnsSubdomain(name.text().toLowerCase(Locale.ROOT)));
    }

    private static void label(Place name) {
        name.orEmpty().invalid(NameRules.dnsLabel(name.text()));
    }

    private static void atLeast(Place number, long least, String words) {
        if (number.number() < least) {
            number.invalid(words);
        }
    }

    /** What only the named driver understands. */
    private static void setting(Place setting) {
        Place opaque = setting.at("opaque");
        if (!opaque.isThere()) {
            opaque.required("");
            return;
        }
        driver(opaque.at("driver"));
        Place parameters = opaque.at("parameters");
        if (!parameters.isThere()) {
            parameters.required("");
        } else if (!parameters.node().isObject()) {
            parameters.quoting("<value omitted>").invalid("must be a valid JSON object");
        }
    }

    private static void attribute(Place attribute) {
        if (attribute.node().size() != 1) {
            (attribute.node().isEmpty() ? attribute.quoting("") : attribute)
                    .invalid("exactly one value must be specified");
        }
        Place version = attribute.at("version");
        if (version.isThere() && !VERSION.matcher(version.text()).matches()) {
            version.invalid("must be a string compatible with semver.org spec 2.0.0");
        }
        for (String kind : List.of("string", "version")) {
            if (attribute.text(kind).length() > LONGEST_VALUE) {
                attribute.at(kind).tooLong(LONGEST_VALUE);
            }
        }
    }

    /** A name that may have a domain before a slash. */
    private static void key(Place map, Place value) {
        String key =
                value.path().substring(map.path().length() + 1, value.path().length() - 1);
        qualified(map, key);
    }

    private static void qualified(Place place, String text) {
        int slash = text.indexOf('/');
        if (slash >= 0) {
            driver(place.quoting(text.substring(0, slash)));
        }
        String name = text.substring(slash + 1);
        if (name.length() > LONGEST_NAME) {
            place.tooLong(LONGEST_NAME);
        }
        place.quoting(name).invalid(NameRules.cIdentifier(name));
    }

    private static void devices(Place devices) {
        limit(devices.at("requests"), MOST_REQUESTS);
        unique(devices.each("requests"), "name");
        devices.each("requests").forEach(DeviceChecks::request);
        Set<String> names = names(devices);
        for (Place constraint : devices.each("constraints")) {
            references(constraint, names);
            Place distinct = constraint.at("distinctAttribute");
            Place match = constraint.at("matchAttribute");
            fullyQualified(distinct.isThere() && !match.isThere() ? distinct : match);
        }
        for (Place setting : devices.each("config")) {
            references(setting, names);
            setting(setting);
        }
    }

    private static void request(Place request) {
        label(request.at("name"));
        boolean exactly = request.at("exactly").isThere();
        boolean alternatives = request.at("firstAvailable").isSet();
        if (exactly && alternatives) {
            new Place(request.path(), MissingNode.getInstance(), request.causes())
                    .invalid(ONE_OF_BOTH + ", but multiple fields are set");
        } else if (!exactly && !alternatives) {
            request.required(ONE_OF_BOTH);
        }
        limit(request.at("firstAvailable"), MOST_ALTERNATIVES);
        unique(request.each("firstAvailable"), "name");
        for (Place alternative : request.each("firstAvailable")) {
            label(alternative.at("name"));
            count(alternative);
        }
        if (exactly) {
            count(request.at("exactly"));
        }
    }

    private static void count(Place wanted) {
        if (wanted.text("allocationMode").equals("ExactCount")) {
            atLeast(wanted.at("count").orZero(), 1, "must be greater than zero");
        }
    }

    /** The names of requests, and of their alternatives after a slash. */
    private static Set<String> names(Place devices) {
        Set<String> names = new HashSet<>();
        for (Place request : devices.each("requests")) {
            names.add(request.text("name"));
            request.each("firstAvailable")
                    .forEach(alternative -> names.add(request.text("name") + "/" + alternative.text("name")));
        }
        return names;
    }

    private static void references(Place holder, Set<String> names) {
        Set<String> seen = new HashSet<>();
        for (Place name : holder.each("requests")) {
            if (seen.add(name.text())) {
                reference(name, names);
            } else {
                name.duplicate();
            }
        }
    }

    /** The name of an attribute, with its domain. */
    private static void fullyQualified(Place name) {
        if (!name.isThere()) {
            name.required("");
            return;
        }
        qualified(name, name.text());
        if (name.text().indexOf('/') < 0) {
            name.invalid("a fully qualified name must be a domain and a name separated by a slash");
        }
    }

    private static void reference(Place name, Set<String> names) {
        String[] parts = name.text().split("/", -1);
        for (int i = 0; i < parts.length && parts.length <= 2; i++) {
            name.quoting(parts[i]).invalid(NameRules.dnsLabel(parts[i]));
        }
        if (!names.contains(name.text())) {
            name.invalid(NO_REQUEST);
        }
    }

    private static void unique(List<Place> elements, String field) {
        Map<String, Place> seen = new TreeMap<>();
        for (Place element : elements) {
            if (seen.put(element.text(field), element) != null) {
                element.quoting(element.text(field)).duplicate();
            }
        }
    }

    private static void limit(Place list, int most) {
        if (list.node().size() > most) {
            list.tooMany(list.node().size(), most);
        }
    }
}
