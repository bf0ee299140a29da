package io.jollyboat.server.validation;

import io.jollyboat.api.NameRules;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

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
                    Values.dnsSubdomain(address.at("nodeName"));
                }
            }
            List<Place> ports = subset.each("ports");
            for (Place port : ports) {
                if (ports.size() > 1 && !port.at("name").isSet()) {
                    port.at("name").required("");
                }
                Values.dnsLabel(port.at("name"));
                if (!port.at("port").isThere()) {
                    Values.port(port.at("port").orZero());
                }
            }
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
        for (Place endpoint : endpoints.elements()) {
            Place addresses = endpoint.at("addresses");
            if (addresses.node().size() > ADDRESSES_LIMIT) {
                addresses.tooMany(addresses.node().size(), ADDRESSES_LIMIT);
            }
            for (Place address : addresses.elements()) {
                sliceAddress(address, type);
            }
            hints(endpoint.in("hints", "forZones"));
            hints(endpoint.in("hints", "forNodes"));
        }
        ports(slice);
    }

    private static void hints(Place hints) {
        if (hints.node().size() > HINTS_LIMIT) {
            hints.tooMany(hints.node().size(), HINTS_LIMIT);
            return;
        }
        Values.unique(hints.elements(), "name");
        if (hints.path().endsWith("forZones")) {
            for (Place zone : hints.elements()) {
                zone.at("name").quoting(zone.text("name")).invalid(NameRules.labelValue(zone.text("name")));
            }
        }
    }

    private static void sliceAddress(Place address, String type) {
        switch (type) {
            case "IPv4" -> {
                if (!Addresses.isIp(address.text())) {
                    address.invalid(Addresses.IP_RULE);
                } else if (!Addresses.isIpv4(address.text())) {
                    address.invalid("must be an IPv4 address");
                }
                Addresses.nonSpecial(address);
            }
            case "IPv6" -> {
                if (!Addresses.isIp(address.text()) || Addresses.isIpv4(address.text())) {
                    address.invalid("must be a valid IPv6 address");
                }
                Addresses.nonSpecial(address);
            }
            case "FQDN" -> Values.dnsSubdomain(address);
            default -> {}
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
