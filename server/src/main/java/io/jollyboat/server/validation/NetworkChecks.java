package io.jollyboat.server.validation;

import io.jollyboat.api.NameRules;
import java.util.List;

/** What must be true of Ingresses and NetworkPolicies. */
final class NetworkChecks {
    private static final String WILDCARD_RULE =
            "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid"
                    + " DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an"
                    + " alphanumeric character (e.g. '*.example.com', regex used for validation is"
                    + " '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

    private static final String CLASS = "kubernetes.io/ingress.class";

    private static final String IMMUTABLE = "field is immutable";

    private NetworkChecks() {}

    static void ingress(Place ingress) {
        Place spec = ingress.at("spec");
        Place all = spec.at("defaultBackend");
        if (!spec.at("rules").isSet() && !all.isThere()) {
            spec.at("rules").toldAs(spec.path()).invalid("either `defaultBackend` or `rules` must be specified");
        }
        if (all.isThere()) {
            backend(all);
        }
        for (Place rule : spec.each("rules")) {
            host(rule.at("host"));
            for (Place path : rule.in("http", "paths").elements()) {
                path(path);
            }
        }
        for (Place tls : spec.each("tls")) {
            for (Place host : tls.each("hosts")) {
                hostName(host);
            }
            Values.dnsSubdomain(tls.at("secretName"));
        }
    }

    /** Of new ones only: the older way to say the class must agree with the newer one. */
    static void ingressCreated(Place ingress) {
        Place old = ingress.in("metadata", "annotations").key(CLASS);
        Place name = ingress.in("spec", "ingressClassName");
        if (old.isThere() && name.isThere() && !old.text().equals(name.text())) {
            old.toldAs("annotations." + CLASS).invalid("must match `ingressClassName` when both are specified");
        }
    }

    /** What a status says of how an Ingress or a Service is reached. */
    static void balancer(Place balancer) {
        for (Place point : balancer.each("ingress")) {
            if (point.at("ip").isSet()) {
                Values.ip(point.at("ip"));
            }
            Values.dnsSubdomain(point.at("hostname"));
            if (Addresses.isIp(point.text("hostname"))) {
                point.at("hostname").invalid("must be a DNS name, not an IP address");
            }
        }
    }

    private static void host(Place host) {
        if (host.isSet()) {
            if (Addresses.isIp(host.text())) {
                host.invalid("must be a DNS name, not an IP address");
            } else {
                hostName(host);
            }
        }
    }

    private static void hostName(Place host) {
        String text = host.text();
        if (!text.contains("*")) {
            host.invalid(NameRules.dnsSubdomain(text));
        } else if (!text.startsWith("*.") || !Values.isSubdomain(text.substring(2))) {
            host.invalid(WILDCARD_RULE);
        }
    }

    private static void path(Place path) {
        Place text = path.at("path");
        boolean strict = List.of("Exact", "Prefix").contains(path.text("pathType"));
        if (strict || text.isSet()) {
            if (!text.text().startsWith("/")) {
                text.quoting(text.text()).invalid("must be an absolute path");
            }
        }
        if (strict) {
            for (String sequence : List.of("//", "/./", "/../", "%2f", "%2F")) {
                if (text.text().contains(sequence)) {
                    text.invalid("must not contain '" + sequence + "'");
                }
            }
            for (String end : List.of("/..", "/.")) {
                if (text.text().endsWith(end)) {
                    text.invalid("cannot end with '" + end + "'");
                }
            }
        }
        if (path.at("pathType").isThere()) {
            backend(path.at("backend"));
        }
    }

    private static void backend(Place backend) {
        Place service = backend.at("service");
        Place resource = backend.at("resource");
        if (service.isThere() && resource.isThere()) {
            backend.quoting("").invalid("cannot set both resource and service backends");
        } else if (service.isThere()) {
            Place name = service.at("name");
            if (name.isSet()) {
                name.invalid(NameRules.dns1035Label(name.text()));
            } else {
                name.required("");
            }
            servicePort(backend, service.at("port"));
        } else if (resource.isThere()) {
            Place group = resource.at("apiGroup");
            if (group.isThere()) {
                group.invalid(NameRules.dnsSubdomain(group.text()));
            }
            for (String field : List.of("kind", "name")) {
                if (resource.at(field).isSet()) {
                    Values.pathSegment(resource.at(field));
                } else {
                    resource.at(field).required("");
                }
            }
        } else {
            backend.quoting("").invalid("resource or service backend is required");
        }
    }

    private static void servicePort(Place backend, Place port) {
        Place name = port.at("name");
        boolean hasNumber = port.at("number").number() != 0;
        if (hasNumber && name.isSet()) {
            backend.quoting("").invalid("cannot set both port name & port number");
        } else if (hasNumber) {
            Values.port(port.at("number"));
        } else if (name.isSet()) {
            name.invalid(Values.portName(name.text()));
        } else {
            backend.required("port name or number is required");
        }
    }

    static void policy(Place policy) {
        Place spec = policy.at("spec");
        for (Place rule : spec.each("ingress")) {
            rule.each("from").forEach(NetworkChecks::peer);
            rule.each("ports").forEach(NetworkChecks::endPort);
        }
        for (Place rule : spec.each("egress")) {
            rule.each("to").forEach(NetworkChecks::peer);
            rule.each("ports").forEach(NetworkChecks::endPort);
        }
        Place types = spec.at("policyTypes");
        if (types.node().size() > 2) {
            types.invalid("may not specify more than two policyTypes");
        } else {
            types.elements().forEach(type -> Values.oneOf(type, List.of("Ingress", "Egress")));
        }
    }

    private static void peer(Place peer) {
        Place block = peer.at("ipBlock");
        Place pods = peer.at("podSelector");
        Place namespaces = peer.at("namespaceSelector");
        Values.selector(pods);
        Values.selector(namespaces);
        if (block.isThere()) {
            if (pods.isThere() || namespaces.isThere()) {
                peer.forbidden("may not specify both ipBlock and another peer");
            }
            if (block.at("cidr").isSet()) {
                block(block);
            } else {
                block.at("cidr").required("");
            }
        } else if (!pods.isThere() && !namespaces.isThere()) {
            peer.required("must specify a peer");
        }
    }

    private static void block(Place block) {
        Place whole = block.at("cidr");
        Values.cidr(whole);
        if (!Addresses.isCidr(whole.text())) {
            return;
        }
        for (Place part : block.each("except")) {
            Values.cidr(part);
            if (Addresses.isCidr(part.text()) && !Addresses.isWithin(part.text(), whole.text())) {
                part.invalid("must be a strict subset of `cidr`");
            }
        }
    }

    private static void endPort(Place port) {
        Place end = port.at("endPort");
        Place start = port.at("port");
        if (!end.isThere()) {
            return;
        }
        if (!start.isThere()) {
            end.invalid("may not be specified when `port` is not specified");
        } else if (!start.node().isNumber()) {
            end.invalid("may not be specified when `port` is non-numeric");
        } else {
            if (end.number() < start.number()) {
                // Kubernetes shows the beginning here
                start.toldAs(end.path()).invalid("must be greater than or equal to `port`");
            }
            Values.port(end);
        }
    }

    static void address(Place address) {
        Place parent = address.in("spec", "parentRef");
        if (parent.isThere()) {
            List.of("resource", "name").forEach(field -> parent.at(field).mustBeSet());
        }
        List.of("resource", "namespace", "name").forEach(field -> Values.pathSegment(parent.at(field)));
    }

    /** One range, or one of each family. */
    static void serviceCidr(Place range) {
        Place cidrs = range.in("spec", "cidrs");
        List<Place> each = cidrs.elements();
        if (each.size() > 2) {
            range.at("spec").shownAs("ServiceCIDRSpec").toldAs(cidrs.path()).invalid("may only hold up to 2 values");
        } else if (each.size() == 2
                && each.stream().allMatch(cidr -> Addresses.isCidr(cidr.text()))
                && isIpv6(each.getFirst()) == isIpv6(each.getLast())) {
            cidrs.invalid("may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64");
        }
    }

    private static boolean isIpv6(Place cidr) {
        return cidr.text().contains(":");
    }

    /** Ranges stay; a second one may come. */
    static void serviceCidrChange(Place newer, Place stored) {
        Place cidrs = newer.in("spec", "cidrs");
        List<Place> now = cidrs.elements();
        List<Place> before = stored.in("spec", "cidrs").elements();
        if (now.size() != before.size() && (before.size() != 1 || now.size() != 2)) {
            cidrs.invalid(IMMUTABLE);
            return;
        }
        now.subList(before.size(), now.size()).forEach(Values::cidr);
        for (int i = 0; i < before.size(); i++) {
            if (!now.get(i).text().equals(before.get(i).text())) {
                now.get(i).invalid(IMMUTABLE);
            }
        }
    }
}
