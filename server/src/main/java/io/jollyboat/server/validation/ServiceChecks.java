package io.jollyboat.server.validation;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.node.JsonNodeFactory;

/** What must be true of Services; what is allocated is checked where it is. */
final class ServiceChecks {
    private static final int AFFINITY_SECONDS_LIMIT = 86400;
    private static final List<String> POLICIES = List.of("Cluster", "Local");
    private static final String ONLY_BALANCER = "may only be used when `type` is 'LoadBalancer'";

    private static final String SOURCE_RANGES = "service.beta.kubernetes.io/load-balancer-source-ranges";
    private static final List<String> FAMILIES = List.of("IPv4", "IPv6");

    private static final String FOREVER = "may not change once set";

    private ServiceChecks() {}

    static void service(Place service) {
        Place spec = service.at("spec");
        String type = spec.text("type");
        boolean headless = spec.text("clusterIP").equals("None");
        if (!spec.at("ports").isSet() && !headless && !type.equals("ExternalName")) {
            spec.at("ports").required("");
        }
        switch (type) {
            case "ExternalName" -> externalName(spec.at("externalName"));
            case "LoadBalancer", "NodePort" -> exposed(spec, type, headless);
            default -> {}
        }
        ports(spec, type);
        clusterIps(spec, type);
        affinity(spec);
        for (Place ip : spec.each("externalIPs")) {
            Values.ip(ip);
            Addresses.nonSpecial(ip);
        }
        sources(service, type.equals("LoadBalancer"));
        traffic(spec, type);
    }

    /** Who may reach a load balancer; an old annotation says it, too. Space around a range does not matter. */
    private static void sources(Place service, boolean balances) {
        Place ranges = service.in("spec", "loadBalancerSourceRanges").toldAs("spec.LoadBalancerSourceRanges");
        Place old = service.in("metadata", "annotations").key(SOURCE_RANGES);
        if (ranges.isSet() || old.isThere()) {
            Place said = ranges.isSet() ? ranges : old;
            if (!balances) {
                said.forbidden(ONLY_BALANCER);
            }
        }
        if (ranges.isSet()) {
            ranges.elements()
                    .forEach(range -> Values.cidr(range.quoting(range.text().strip())));
        } else if (!old.text().isBlank()) {
            for (String range : old.text().split(",", -1)) {
                Values.cidr(old.quoting(range.strip()));
            }
        }
    }

    private static void externalName(Place name) {
        String text =
                name.text().endsWith(".") ? name.text().substring(0, name.text().length() - 1) : name.text();
        if (text.isEmpty()) {
            name.required("");
        } else {
            name.invalid(io.jollyboat.api.NameRules.dnsSubdomain(text));
        }
    }

    private static void exposed(Place spec, String type, boolean headless) {
        if (headless) {
            spec.at("clusterIP")
                    .toldAs("spec.clusterIPs[0]")
                    .invalid("may not be set to 'None' for " + type + " services");
        }
    }

    private static void ports(Place spec, String type) {
        List<Place> ports = spec.each("ports");
        Set<String> taken = new HashSet<>();
        Set<String> takenOnNodes = new HashSet<>();
        for (Place port : ports) {
            Place name = port.at("name");
            if (ports.size() > 1 && !name.isSet()) {
                name.required("");
            }
            String protocol = port.text("protocol");
            Place nodePort = port.at("nodePort");
            if (nodePort.number() != 0) {
                if (type.equals("ClusterIP") || type.equals("ExternalName")) {
                    nodePort.forbidden("may not be used when `type` is '" + type + "'");
                }
                if (!takenOnNodes.add(protocol + nodePort.number())) {
                    nodePort.duplicate();
                }
            }
            if (!taken.add(protocol + port.at("port").number())) {
                var key = JsonNodeFactory.instance
                        .objectNode()
                        .put("protocol", protocol)
                        .put("port", port.at("port").number());
                new Place(port.path(), key, port.causes())
                        .shownAs("ServicePort")
                        .duplicate();
            }
        }
        Values.unique(ports, "name");
    }

    private static void clusterIps(Place spec, String type) {
        Place all = spec.at("clusterIPs");
        if (!type.equals("ExternalName")) {
            addresses(spec);
        } else if (!spec.text("clusterIP").isEmpty() && !all.isSet()) {
            all.forbidden("may not be set for ExternalName services");
        }
    }

    /** What must be true of a Service's addresses and families before any are given. */
    static void addresses(Place spec) {
        Values.oneOf(spec.at("ipFamilyPolicy"), List.of("PreferDualStack", "RequireDualStack", "SingleStack"));
        Place all = spec.at("clusterIPs");
        String first = spec.text("clusterIP");
        List<Place> ips = all.elements();
        if (first.isEmpty() && !ips.isEmpty()) {
            all.invalid("must be empty when `clusterIP` is not specified");
        } else if (!ips.isEmpty() && !ips.getFirst().text().equals(first)) {
            all.invalid("first value must match `clusterIP`");
        } else if (ips.isEmpty() && !first.isEmpty() && !first.equals("None") && !Addresses.isIp(first)) {
            spec.at("clusterIP").toldAs("spec.clusterIPs[0]").invalid(Addresses.IP_RULE);
        }
        boolean sound = true;
        for (Place ip : ips) {
            if (ip.text().equals("None") && ip.path().endsWith("[0]")) {
                if (ips.size() > 1) {
                    all.invalid("'None' must be the first and only value");
                    sound = false;
                }
            } else {
                Values.ip(ip);
                sound &= Addresses.isIp(ip.text());
            }
        }
        if (ips.size() > 2) {
            all.invalid("may only hold up to 2 values");
        }
        Set<String> families = new HashSet<>();
        for (Place family : spec.each("ipFamilies")) {
            Values.oneOf(family, FAMILIES);
            if (!families.add(family.text())) {
                family.duplicate();
            }
        }
        if (sound && !first.equals("None")) {
            families(all, ips, spec.each("ipFamilies"));
        }
    }

    private static void families(Place all, List<Place> ips, List<Place> families) {
        long ipv4 = ips.stream().filter(ip -> Addresses.isIpv4(ip.text())).count();
        if (ipv4 > 1 || ips.size() - ipv4 > 1) {
            all.invalid("may specify no more than one IP for each IP family");
        }
        for (int i = 0; i < Math.min(ips.size(), families.size()); i++) {
            String wanted = families.get(i).text();
            if (FAMILIES.contains(wanted)
                    && !wanted.equals(Addresses.isIpv4(ips.get(i).text()) ? "IPv4" : "IPv6")) {
                ips.get(i).invalid("expected an %s value as indicated by `ipFamilies[%d]`".formatted(wanted, i));
            }
        }
    }

    private static void affinity(Place spec) {
        Place seconds = spec.in("sessionAffinityConfig", "clientIP", "timeoutSeconds");
        boolean wanted = spec.text("sessionAffinity").equals("ClientIP");
        if (wanted && seconds.isThere() && (seconds.number() <= 0 || seconds.number() > AFFINITY_SECONDS_LIMIT)) {
            seconds.invalid("must be greater than 0 and less than " + AFFINITY_SECONDS_LIMIT);
        }
    }

    private static void traffic(Place spec, String type) {
        boolean outside = type.equals("NodePort")
                || type.equals("LoadBalancer")
                || type.equals("ClusterIP") && spec.at("externalIPs").isSet();
        Place policy = spec.at("externalTrafficPolicy");
        if (policy.isSet() && !outside) {
            policy.invalid("may only be set for externally-accessible services");
        } else if (outside && !policy.isSet()) {
            policy.required("");
        } else if (outside) {
            Values.oneOf(policy, POLICIES);
        }
        boolean checked = isChecked(spec);
        Place health = spec.at("healthCheckNodePort");
        if (health.number() != 0 && !checked) {
            health.invalid("may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'");
        } else if (health.number() != 0) {
            Values.port(health);
        }
    }

    private static boolean isChecked(Place spec) {
        return spec.text("type").equals("LoadBalancer")
                && spec.text("externalTrafficPolicy").equals("Local");
    }

    static void serviceChange(Place newer, Place stored) {
        Place spec = newer.at("spec");
        Place before = stored.at("spec");
        Place health = spec.at("healthCheckNodePort");
        Place balancer = spec.at("loadBalancerClass");
        boolean balances = Stream.of(spec, before).allMatch(s -> s.text("type").equals("LoadBalancer"));
        if (balances
                && !Likeness.same(
                        balancer.node(), before.at("loadBalancerClass").node())) {
            balancer.invalid(FOREVER);
        }
        boolean changed = health.number() != before.at("healthCheckNodePort").number();
        if (changed && isChecked(spec) && isChecked(before)) {
            health.forbidden("field is immutable");
        }
        if (spec.text("type").equals("ExternalName") || before.text("type").equals("ExternalName")) {
            return;
        }
        String old = before.text("clusterIP");
        if (!old.isEmpty()
                && spec.at("clusterIP").isSet()
                && !spec.text("clusterIP").equals(old)) {
            spec.at("clusterIPs").toldAs("spec.clusterIPs[0]").invalid(FOREVER);
        }
        List<Place> ips = spec.each("clusterIPs");
        List<Place> oldIps = before.each("clusterIPs");
        if (ips.size() == 2
                && oldIps.size() == 2
                && !ips.getLast().text().equals(oldIps.getLast().text())) {
            spec.at("clusterIPs").toldAs("spec.clusterIPs[1]").invalid(FOREVER);
        }
        List<Place> families = spec.each("ipFamilies");
        List<Place> oldFamilies = before.each("ipFamilies");
        for (int i = 0; i < Math.min(families.size(), oldFamilies.size()); i++) {
            if (!families.get(i).text().equals(oldFamilies.get(i).text())) {
                families.get(i).invalid(FOREVER);
            }
        }
    }
}
