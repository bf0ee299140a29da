package io.jollyboat.server.validation;

import io.jollyboat.api.NameRules;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** What must be true of a Pod's spec, alone or in a template. */
final class PodChecks {
    private static final int NAMESERVERS_LIMIT = 3;
    private static final int SEARCHES_LIMIT = 32;
    private static final int SEARCH_CHARACTERS_LIMIT = 2048;
    private static final int LONGEST_SYSCTL = 253;
    private static final String SYSCTL_PART = "[a-z0-9]([-_a-z0-9]*[a-z0-9])?";
    private static final Pattern SYSCTL = Pattern.compile("(" + SYSCTL_PART + "[\\./])*" + SYSCTL_PART);
    /** What a claim of a StatefulSet is in its Pods. */
    private static final JsonNode CLAIM =
            JsonNodeFactory.instance.objectNode().set("persistentVolumeClaim", JsonNodeFactory.instance.objectNode());

    static final List<String> EFFECTS = List.of("NoSchedule", "PreferNoSchedule", "NoExecute");

    private PodChecks() {}

    /** Only of Pods themselves: templates may be looser. */
    static void pod(Place pod) {
        Place spec = pod.at("spec");
        for (Place volume : spec.each("volumes")) {
            Place template = volume.in("ephemeral", "volumeClaimTemplate");
            String claim = pod.in("metadata", "name").text() + "-" + volume.text("name");
            boolean named = template.isThere()
                    && volume.at("name").isSet()
                    && pod.in("metadata", "name").isSet();
            for (String wrong : named ? NameRules.dnsSubdomain(claim) : List.<String>of()) {
                volume.at("name").invalid("PVC name \"" + claim + "\": " + wrong);
            }
        }
        for (String list : List.of("containers", "initContainers")) {
            for (Place container : spec.each(list)) {
                Place image = container.at("image");
                if (!image.text().equals(image.text().strip())) {
                    image.invalid("must not have leading or trailing whitespace");
                }
            }
        }
        Place mirror = pod.in("metadata", "annotations").key("kubernetes.io/config.mirror");
        if (mirror.isThere() && !spec.at("nodeName").isSet()) {
            mirror.invalid("must set spec.nodeName if mirror pod annotation is set");
        }
    }

    /** A Pod begins without containers to look into it. */
    static void created(Place pod) {
        Place guests = pod.in("spec", "ephemeralContainers");
        if (guests.isSet()) {
            guests.forbidden("cannot be set on create");
        }
    }

    /** @param claims the names of volumes that are not in the template: a StatefulSet's claims */
    static void spec(Place spec, List<String> claims) {
        Map<String, Place> volumes = VolumeChecks.volumes(spec.each("volumes"));
        claims.forEach(claim -> volumes.put(claim, new Place("", CLAIM, spec.causes())));
        Set<String> names = new HashSet<>();
        Set<String> targets = new HashSet<>();
        List.of("containers", "initContainers")
                .forEach(list -> spec.each(list).forEach(container -> targets.add(container.text("name"))));
        for (Place container : spec.each("ephemeralContainers")) {
            Place target = container.at("targetContainerName");
            if (target.isSet() && !targets.contains(target.text())) {
                target.notFound();
            }
        }
        boolean hostNetwork = spec.isTrue("hostNetwork");
        for (String list : List.of("containers", "initContainers", "ephemeralContainers")) {
            for (Place container : spec.each(list)) {
                Place name = container.at("name");
                if (name.isSet() && !names.add(name.text())) {
                    name.duplicate();
                }
                ContainerChecks.container(container, list, volumes, hostNetwork);
            }
        }
        hostPorts(spec);
        hostAliases(spec.each("hostAliases"));
        dns(spec);
        spec.each("tolerations").forEach(PodChecks::toleration);
        AffinityChecks.affinity(spec.at("affinity"));
        securityContext(spec);
        Values.unique(spec.each("schedulingGates"), "name");
        users(spec);
        spread(spec.each("topologySpreadConstraints"));
        if (spec.at("os").isThere() && !spec.in("os", "name").isSet()) {
            spec.in("os", "name").required("");
        }
        claims(spec.each("resourceClaims"));
        SystemChecks.check(spec);
    }

    /** Users of its own go with no other namespace of the node, and only with them all of /proc is shown. */
    private static void users(Place spec) {
        boolean own = spec.at("hostUsers").isThere() && !spec.isTrue("hostUsers");
        for (String shared : own ? List.of("hostNetwork", "hostPID", "hostIPC") : List.<String>of()) {
            if (spec.isTrue(shared)) {
                String told = shared.equals("hostNetwork") ? shared : "H" + shared.substring(1);
                spec.at(told).forbidden("when `hostUsers` is false");
            }
        }
        for (String list : List.of("containers", "initContainers")) {
            for (Place container : spec.each(list)) {
                Place shown = container.in("securityContext", "procMount");
                if (!own && shown.text().equals("Unmasked")) {
                    shown.invalid("`hostUsers` must be false to use `Unmasked`");
                }
            }
        }
    }

    private static void spread(List<Place> constraints) {
        List<String> pairs = constraints.stream()
                .map(each -> "{%s, %s}".formatted(each.text("topologyKey"), each.text("whenUnsatisfiable")))
                .toList();
        for (int i = 0; i < constraints.size(); i++) {
            Place constraint = constraints.get(i);
            Place skew = constraint.at("maxSkew").orZero();
            if (skew.number() <= 0) {
                skew.invalid("must be greater than zero");
            }
            Place action = constraint.at("whenUnsatisfiable").quoting(constraint.text("whenUnsatisfiable"));
            Values.oneOf(action, List.of("DoNotSchedule", "ScheduleAnyway"));
            Place domains = constraint.at("minDomains");
            if (domains.isThere() && domains.number() <= 0) {
                domains.invalid("must be greater than zero");
            }
            if (domains.isThere() && !action.text().equals("DoNotSchedule")) {
                domains.invalid("can only use minDomains if whenUnsatisfiable=DoNotSchedule, not " + action.text());
            }
            if (pairs.lastIndexOf(pairs.get(i)) > i) {
                constraint
                        .at("{topologyKey, whenUnsatisfiable}")
                        .quoting(pairs.get(i))
                        .duplicate();
            }
            for (String policy : List.of("nodeAffinityPolicy", "nodeTaintsPolicy")) {
                Values.oneOf(constraint.at(policy), List.of("Honor", "Ignore"));
            }
            if (constraint.at("matchLabelKeys").isSet()
                    && !constraint.at("labelSelector").isThere()) {
                constraint.at("matchLabelKeys").forbidden("must not be specified when labelSelector is not set");
            }
        }
    }

    private static void hostPorts(Place spec) {
        for (String list : List.of("containers", "initContainers")) {
            Set<String> taken = new HashSet<>();
            List<Place> ports = spec.each(list).stream()
                    .flatMap(container -> container.each("ports").stream())
                    .toList();
            for (Place port : ports) {
                Place hostPort = port.at("hostPort");
                String key = port.text("protocol") + "/" + port.text("hostIP") + "/" + hostPort.number();
                if (hostPort.number() != 0 && !taken.add(key)) {
                    hostPort.quoting(key).duplicate();
                }
            }
        }
    }

    private static void hostAliases(List<Place> aliases) {
        for (Place alias : aliases) {
            if (!Addresses.isIp(alias.text("ip"))) {
                alias.at("ip").orEmpty().invalid(Addresses.IP_RULE);
            }
            alias.each("hostnames").forEach(name -> name.invalid(NameRules.dnsSubdomain(name.text())));
        }
    }

    private static void dns(Place spec) {
        Place config = spec.at("dnsConfig");
        for (Place option : config.each("options")) {
            if (!option.at("name").isSet()) {
                option.required("must not be empty");
            }
        }
        Place servers = config.at("nameservers");
        if (config.isThere() && spec.text("dnsPolicy").equals("None") && !servers.isSet()) {
            servers.required("must provide at least one DNS nameserver when `dnsPolicy` is None");
        }
        if (servers.node().size() > NAMESERVERS_LIMIT) {
            servers.invalid("must not have more than " + NAMESERVERS_LIMIT + " nameservers");
        }
        Place searches = config.at("searches");
        if (searches.node().size() > SEARCHES_LIMIT) {
            searches.invalid("must not have more than " + SEARCHES_LIMIT + " search paths");
        }
        int characters = searches.elements().stream()
                .mapToInt(search -> search.text().length() + 1)
                .sum();
        if (characters > SEARCH_CHARACTERS_LIMIT + 1) {
            searches.invalid("must not have more than " + SEARCH_CHARACTERS_LIMIT
                    + " characters (including spaces) in the search list");
        }
        for (Place search : searches.elements()) {
            String text = search.text();
            String name = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
            if (!text.equals(".")) {
                search.quoting(name).invalid(NameRules.dnsSubdomainWithUnderscore(name));
            }
        }
    }

    static void toleration(Place toleration) {
        String key = toleration.text("key");
        Place operator = toleration.at("operator");
        Place effect = toleration.at("effect");
        Values.qualified(toleration.at("key"));
        if (key.isEmpty() && !operator.text().equals("Exists")) {
            operator.quoting(operator.text())
                    .invalid(
                            "operator must be Exists when `key` is empty, which means \"match all values and all keys\"");
        }
        if (toleration.at("tolerationSeconds").isThere() && !effect.text().equals("NoExecute")) {
            effect.quoting(effect.text()).invalid("effect must be 'NoExecute' when `tolerationSeconds` is set");
        }
        String value = toleration.text("value");
        switch (operator.text()) {
            case "", "Equal" -> {
                List<String> wrong = NameRules.labelValue(value);
                if (!wrong.isEmpty()) {
                    operator.quoting(value).invalid(String.join(";", wrong));
                }
            }
            case "Exists" -> {
                if (!value.isEmpty()) {
                    toleration.toldAs(operator.path()).invalid("value must be empty when `operator` is 'Exists'");
                }
            }
            default -> operator.notSupported(List.of("Equal", "Exists"));
        }
        if (effect.isSet()) {
            Values.oneOf(effect, EFFECTS);
        }
    }

    private static void securityContext(Place spec) {
        Place shared = spec.at("shareProcessNamespace");
        if (spec.isTrue("hostPID") && spec.isTrue("shareProcessNamespace")) {
            shared.invalid("ShareProcessNamespace and HostPID cannot both be enabled");
        }
        ContainerChecks.profiles(spec.at("securityContext"));
        List<Place> sysctls = spec.at("securityContext").each("sysctls");
        for (Place sysctl : sysctls) {
            Place name = sysctl.at("name");
            boolean fits = name.text().length() <= LONGEST_SYSCTL
                    && SYSCTL.matcher(name.text()).matches();
            if (name.isSet() && !fits) {
                name.invalid("must have at most %d characters and match regex ^%s$".formatted(LONGEST_SYSCTL, SYSCTL));
            }
        }
        Values.unique(sysctls, "name");
    }

    private static void claims(List<Place> claims) {
        Map<String, Place> seen = new TreeMap<>();
        for (Place claim : claims) {
            claim.at("name").mustBeSet();
            if (seen.put(claim.text("name"), claim) != null) {
                claim.at("name").duplicate();
            }
        }
    }
}
