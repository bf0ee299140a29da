package io.jollyboat.server.validation;

import java.util.List;

/** What a Pod may not say because its operating system has no such thing. */
final class SystemChecks {
    private static final String NOT_IN_WINDOWS = "cannot be set for a windows pod";
    private static final List<String> POD_FIELDS = List.of(
            "hostUsers",
            "hostPID",
            "hostIPC",
            "shareProcessNamespace",
            "securityContext.appArmorProfile",
            "securityContext.seLinuxOptions",
            "securityContext.seccompProfile",
            "securityContext.fsGroup",
            "securityContext.fsGroupChangePolicy",
            "securityContext.sysctls",
            "securityContext.runAsUser",
            "securityContext.runAsGroup",
            "securityContext.supplementalGroups",
            "securityContext.supplementalGroupsPolicy",
            "securityContext.seLinuxChangePolicy");
    private static final List<String> CONTAINER_FIELDS = List.of(
            "appArmorProfile",
            "seLinuxOptions",
            "seccompProfile",
            "capabilities",
            "readOnlyRootFilesystem",
            "privileged",
            "allowPrivilegeEscalation",
            "procMount",
            "runAsUser",
            "runAsGroup");

    private SystemChecks() {}

    static void check(Place spec) {
        String system = spec.in("os", "name").text();
        if (system.equals("windows")) {
            POD_FIELDS.forEach(field -> forbid(spec.in(field.split("\\.")), NOT_IN_WINDOWS));
            if (spec.at("resources").isThere()) {
                spec.at("resources").forbidden("may not be set for a windows pod");
            }
        } else if (system.equals("linux")) {
            forbid(spec.in("securityContext", "windowsOptions"), "windows options cannot be set for a linux pod");
        }
        for (String list : List.of("initContainers", "containers", "ephemeralContainers")) {
            for (Place container : spec.each(list)) {
                Place context = container.at("securityContext");
                if (system.equals("windows")) {
                    CONTAINER_FIELDS.forEach(field -> forbid(context.at(field), NOT_IN_WINDOWS));
                } else if (system.equals("linux")) {
                    forbid(context.at("windowsOptions"), "windows options cannot be set for a linux pod");
                }
                sleeps(container.at("lifecycle"), spec.at("terminationGracePeriodSeconds"));
            }
        }
    }

    private static void forbid(Place field, String why) {
        boolean off = field.node().isBoolean() && field.path().matches(".*\\.host(PID|IPC)");
        if (field.isThere() && !(off && !field.node().asBoolean())) {
            field.forbidden(why);
        }
    }

    /** A hook that sleeps is over before the Pod's grace is. */
    private static void sleeps(Place hooks, Place grace) {
        for (String hook : List.of("postStart", "preStop")) {
            Place sleep = hooks.in(hook, "sleep");
            Place seconds = sleep.at("seconds").orZero().toldAs(sleep.path());
            boolean beyond = seconds.number() < 0 || seconds.number() > grace.number();
            if (sleep.isThere() && grace.isThere() && beyond) {
                seconds.invalid("must be non-negative and less than terminationGracePeriodSeconds (%d)"
                        .formatted(grace.number()));
            }
        }
    }
}
