package io.jollyboat.server.validation;

import io.jollyboat.api.NameRules;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** What must be true of Endpoints and EndpointSlices. */
final class EndpointChecks {
    private static final int ENDPOINTS_LIMIT = 1000;
    private static final int ADDRESSES_LIMIT = 100;
    private static final int PORTS_LIMIT = 20_000;
    private static final int HINTS_LIMIT = 8;

    private EndpointChecks() {}

    static void endpoints(Place endpoints) {
        for (Place subset : endpoints.each("subsets")) {
            if (!subset.at("addresses").isSet()
                    && !subset.at("notReadyAddresses").isSet()) {
                subset.required("must specify `addresses` or `notReadyAddresses`");
            }
            for (String list : List.of("addresses", "notReadyAddresses")) {
                for (Place address : subset.each(list)) {
                    address(address.at("ip"));
                    nodeName(address.at("nodeName"));
                }
            }
            List<Place> ports = subset.each("ports");
            for (Place port : ports) {
                if (ports.size() > 1 && !port.at("name").isSet()) {
                    port.at("name").required("");
                }
                Values.dnsLabel(port.at("name"));
            }
        }
    }

    private static void nodeName(Place node) {
        if (node.isThere()) {
            node.invalid(NameRules.dnsSubdomain(node.text()));
        }
    }

    private static void address(Place ip) {
        if (!Addresses.isIp(ip.text())) {
            ip.orEmpty().invalid(Addresses.IP_RULE);
            ip.orEmpty().invalid("must be a valid IP address");
        }
        Addresses.nonSpecial(ip);
    }

    static void slice(Place slice) {
        Place endpoints = slice.at("endpoints");
        if (endpoints.node().size() > ENDPOINTS_LIMIT) {
            endpoints.tooMany(endpoints.node().size(), ENDPOINTS_LIMIT);
        }
        String type = slice.text("addressType");
        List<Place> each = endpoints.node().size() > ENDPOINTS_LIMIT ? List.of() : endpoints.elements();
        for (Place endpoint : each) {
            Place addresses = endpoint.at("addresses");
            if (addresses.node().size() > ADDRESSES_LIMIT) {
                addresses.tooMany(addresses.node().size(), ADDRESSES_LIMIT);
            }
            for (Place address : addresses.elements()) {
                sliceAddress(addresses, address, type);
            }
            if (hints(endpoint.in("hints", "forZones"), NameRules::labelValue)) {
                hints(endpoint.in("hints", "forNodes"), NameRules::dnsSubdomain);
            }
        }
        ports(slice);
    }

    /** Whether there are not too many to look at. */
    private static boolean hints(Place hints, Function<String, List<String>> rule) {
        if (hints.node().size() > HINTS_LIMIT) {
            hints.tooMany(hints.node().size(), HINTS_LIMIT);
            return false;
        }
        Set<String> seen = new HashSet<>();
        for (Place hint : hints.elements()) {
            Place name = hint.at("name").orEmpty();
            if (!seen.add(name.text())) {
                name.duplicate();
            }
            name.invalid(rule.apply(name.text()));
        }
        return true;
    }

    private static void sliceAddress(Place all, Place address, String type) {
        switch (type) {
            case "IPv4", "IPv6" -> {
                if (!Addresses.isIp(address.text())) {
                    address.invalid(Addresses.IP_RULE);
                } else if (Addresses.isIpv4(address.text()) != type.equals("IPv4")) {
                    address.toldAs(all.path()).invalid("must be an %s address".formatted(type));
                }
                Addresses.nonSpecial(address);
            }
            case "FQDN" -> domain(address);
            default -> {}
        }
    }

    private static void domain(Place name) {
        String text =
                name.text().endsWith(".") ? name.text().substring(0, name.text().length() - 1) : name.text();
        List<String> wrong = NameRules.dnsSubdomain(text);
        if (name.text().isEmpty()) {
            name.required("");
        } else if (!wrong.isEmpty()) {
            name.quoting(text).invalid(String.join(",", wrong));
        } else if (text.indexOf('.') < 0) {
            name.quoting(text).invalid("should be a domain with at least two segments separated by dots");
        }
    }

    private static void ports(Place slice) {
        Place ports = slice.at("ports");
        if (ports.node().size() > PORTS_LIMIT) {
            ports.tooMany(ports.node().size(), PORTS_LIMIT);
        }
        Set<String> names = new HashSet<>();
        for (Place port : ports.elements()) {
            Place name = port.at("name").quoting(port.text("name"));
            if (!names.add(name.text())) {
                name.duplicate();
            }
            Values.dnsLabel(name);
        }
    }
}
