package io.jollyboat.server.validation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What must be true of a container. */
final class ContainerChecks {
    private static final List<String> PROBES = List.of("livenessProbe", "readinessProbe", "startupProbe");
    private static final String NOT_FOR_EPHEMERAL = "cannot be set for an Ephemeral Container";
    private static final String NOT_FOR_INIT = "may not be set for init containers without restartPolicy=Always";

    private ContainerChecks() {}

    /** @param list the field in which it stands, which says of what sort it is */
    static void container(Place container, String list, Map<String, Place> volumes, boolean hostNetwork) {
        if (!container.at("image").isSet()) {
            container.at("image").required("");
        }
        switch (list) {
            case "initContainers" -> initContainer(container);
            case "ephemeralContainers" -> ephemeralContainer(container);
            default -> {}
        }
        ports(container.each("ports"), hostNetwork);
        EnvChecks.env(container);
        VolumeChecks.mounts(container, volumes);
        ResourceChecks.requirements(container.at("resources"));
        securityContext(container.at("securityContext"));
        PROBES.forEach(probe -> probe(container.at(probe)));
        for (String hook : List.of("postStart", "preStop")) {
            Place handler = container.in("lifecycle", hook);
            if (handler.isThere()) {
                handler(handler, List.of("exec", "httpGet", "tcpSocket", "sleep"));
            }
        }
        Place grace = container.in("readinessProbe", "terminationGracePeriodSeconds");
        if (grace.isThere()) {
            grace.invalid("must not be set for readinessProbes");
        }
        for (String once : List.of("livenessProbe", "startupProbe")) {
            Place threshold = container.in(once, "successThreshold");
            if (threshold.isThere() && threshold.number() != 1) {
                threshold.invalid("must be 1");
            }
        }
    }

    private static void initContainer(Place container) {
        Values.oneOf(container.at("restartPolicy"), List.of("Always", "Never", "OnFailure"));
        if (container.text("restartPolicy").equals("Always")) {
            return;
        }
        for (String field : List.of("lifecycle", "livenessProbe", "readinessProbe", "startupProbe")) {
            if (container.at(field).isThere()) {
                container.at(field).forbidden(NOT_FOR_INIT);
            }
        }
    }

    private static void ephemeralContainer(Place container) {
        for (String field :
                List.of("ports", "livenessProbe", "readinessProbe", "startupProbe", "lifecycle", "resizePolicy")) {
            if (container.at(field).isSet()) {
                container.at(field).forbidden(NOT_FOR_EPHEMERAL);
            }
        }
        if (container.at("resources").isSet()) {
            container.at("resources").forbidden(NOT_FOR_EPHEMERAL);
        }
        for (Place mount : container.each("volumeMounts")) {
            for (String field : List.of("subPath", "subPathExpr")) {
                if (mount.at(field).isSet()) {
                    mount.at(field).forbidden(NOT_FOR_EPHEMERAL);
                }
            }
        }
    }

    private static void ports(List<Place> ports, boolean hostNetwork) {
        Set<String> names = new HashSet<>();
        for (Place port : ports) {
            Place name = port.at("name");
            if (name.isSet()) {
                List<String> wrong = Values.portName(name.text());
                name.invalid(wrong);
                if (wrong.isEmpty() && !names.add(name.text())) {
                    name.duplicate();
                }
            }
            Place number = port.at("containerPort");
            if (number.number() == 0) {
                number.required("");
            } else {
                Values.port(number);
            }
            Place hostPort = port.at("hostPort");
            if (hostPort.number() != 0) {
                Values.port(hostPort);
            }
            if (hostNetwork && hostPort.number() != 0 && hostPort.number() != number.number()) {
                hostPort.invalid("must match `containerPort` when `hostNetwork` is true");
            }
        }
    }

    private static void probe(Place probe) {
        if (probe.isThere()) {
            handler(probe, List.of("exec", "httpGet", "tcpSocket", "grpc"));
        }
    }

    /** Exactly one of several ways. */
    private static void handler(Place handler, List<String> kinds) {
        List<Place> given =
                kinds.stream().map(handler::at).filter(Place::isThere).toList();
        if (given.isEmpty()) {
            handler.required("must specify a handler type");
            return;
        }
        given.stream().skip(1).forEach(more -> more.forbidden("may not specify more than 1 handler type"));
        Place first = given.getFirst();
        String kind = first.path().substring(first.path().lastIndexOf('.') + 1);
        switch (kind) {
            case "exec" -> first.at("command").mustBeSet();
            case "httpGet" -> httpGet(first);
            case "sleep" -> {}
            default -> Values.portNumberOrName(first.at("port").orZero());
        }
    }

    private static void httpGet(Place get) {
        get.at("path").mustBeSet();
        Values.portNumberOrName(get.at("port").orZero());
        Values.oneOf(get.at("scheme"), List.of("HTTP", "HTTPS"));
        for (Place header : get.each("httpHeaders")) {
            if (!header.text("name").matches("[-A-Za-z0-9]+")) {
                get.at("httpHeaders")
                        .quoting(header.text("name"))
                        .invalid("a valid HTTP header must consist of alphanumeric characters or '-' (e.g."
                                + " 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')");
            }
        }
    }

    private static void securityContext(Place context) {
        if (!context.isThere()) {
            return;
        }
        Place escalation = context.at("allowPrivilegeEscalation");
        if (escalation.isThere() && !escalation.node().asBoolean(true)) {
            if (context.isTrue("privileged")) {
                context.shownAs("SecurityContext")
                        .invalid("cannot set `allowPrivilegeEscalation` to false and `privileged` to true");
            }
            List<String> added = new ArrayList<>();
            context.in("capabilities", "add").elements().forEach(cap -> added.add(cap.text()));
            if (added.contains("CAP_SYS_ADMIN")) {
                context.shownAs("SecurityContext")
                        .invalid("cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN");
            }
        }
        profiles(context);
    }

    /** The profiles of a Pod's or a container's context. */
    static void profiles(Place context) {
        profile(context.at("seccompProfile"), "seccomp");
        Place appArmor = context.at("appArmorProfile");
        profile(appArmor, "AppArmor");
        String file = appArmor.text("localhostProfile");
        if (appArmor.text("type").equals("Localhost") && !file.equals(file.strip())) {
            appArmor.at("localhostProfile").invalid("must not be padded with whitespace");
        }
    }

    private static void profile(Place profile, String sort) {
        if (!profile.isThere()) {
            return;
        }
        Place type = profile.at("type");
        Place file = profile.at("localhostProfile");
        boolean local = type.text().equals("Localhost");
        boolean seccomp = sort.equals("seccomp");
        if (local && !(seccomp ? file.isThere() : file.isSet())) {
            file.required("must be set when " + sort + " type is Localhost");
        } else if (local && seccomp) {
            VolumeChecks.descending(file);
        } else if (!local && file.isThere()) {
            Place shown = seccomp ? profile.shownAs("SeccompProfile").toldAs(file.path()) : file;
            shown.invalid("can only be set when " + sort + " type is Localhost");
        }
        if (type.isSet()) {
            Values.oneOf(type, List.of("Localhost", "RuntimeDefault", "Unconfined"));
        } else {
            String field = profile.path().substring(profile.path().lastIndexOf('.') + 1);
            type.required("type is required when " + field + " is set");
        }
    }
}
