package io.jollyboat.server.validation;

import io.jollyboat.api.StatusException;
import io.jollyboat.api.selectors.LabelSelector;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What must be true of the kinds that keep Pods running. */
final class WorkloadChecks {
    static final String MISMATCH = "`selector` does not match template `labels`";
    private static final List<String> STATEFUL_CHANGEABLE = List.of(
            "replicas",
            "ordinals",
            "template",
            "updateStrategy",
            "revisionHistoryLimit",
            "persistentVolumeClaimRetentionPolicy",
            "minReadySeconds");

    private WorkloadChecks() {}

    static void revisionCreated(Place revision) {
        Place data = revision.at("data");
        if (!data.isThere()) {
            data.required("data is mandatory");
        } else if (!data.node().isObject()) {
            data.required("data must be a valid JSON object");
        }
    }

    static void deployment(Place deployment) {
        Place spec = deployment.at("spec");
        selector(spec, "deployment");
        template(spec, "ReplicaSet");
        known(spec.at("strategy").shownAs("DeploymentStrategy"), List.of("Recreate", "RollingUpdate"));
        Place update = spec.in("strategy", "rollingUpdate");
        if (update.isThere() && isZero(update.at("maxUnavailable")) && isZero(update.at("maxSurge"))) {
            update.at("maxUnavailable").invalid("may not be 0 when `maxSurge` is 0");
        }
        Place deadline = spec.at("progressDeadlineSeconds");
        if (deadline.isThere()
                && deadline.number() <= spec.at("minReadySeconds").number()) {
            deadline.invalid("must be greater than minReadySeconds");
        }
    }

    static void replicaSet(Place set) {
        selector(set.at("spec"), "deployment");
        template(set.at("spec"), "ReplicaSet");
    }

    static void statefulSet(Place set) {
        Place spec = set.at("spec");
        selector(spec, "statefulset");
        template(spec, "StatefulSet");
        Place order = spec.at("podManagementPolicy");
        if (order.isSet() && !List.of("OrderedReady", "Parallel").contains(order.text())) {
            order.invalid("must be 'OrderedReady' or 'Parallel'");
        }
        Place strategy = spec.at("updateStrategy");
        if (strategy.at("type").isSet() && !List.of("RollingUpdate", "OnDelete").contains(strategy.text("type"))) {
            strategy.shownAs("StatefulSetUpdateStrategy").invalid("must be 'RollingUpdate' or 'OnDelete'");
        }
        if (strategy.text("type").equals("RollingUpdate")) {
            Values.nonNegative(strategy.in("rollingUpdate", "partition"));
        }
        if (strategy.text("type").equals("OnDelete")
                && strategy.at("rollingUpdate").isThere()) {
            strategy.at("rollingUpdate")
                    .shownAs("RollingUpdateStatefulSet")
                    .invalid("only allowed for updateStrategy 'RollingUpdate'");
        }
    }

    /** What stays as it was, good or bad, is not asked again. */
    static void statefulSetCreated(Place set) {
        claimTemplates(set.at("spec"));
        Values.dnsLabel(set.in("spec", "serviceName"));
    }

    /** Their names are told as those of the volumes that they become in the Pods. */
    private static void claimTemplates(Place spec) {
        List<Place> claims = spec.each("volumeClaimTemplates");
        for (int i = 0; i < claims.size(); i++) {
            ClaimChecks.spec(claims.get(i).at("spec"));
            String volume = spec.path() + ".template.spec.volumes[" + i + "]";
            Place name = claims.get(i).in("metadata", "name").toldAs(volume + ".name");
            if (!name.isSet()) {
                name.toldAs(volume + ".persistentVolumeClaim.claimName").required("");
                name.required("");
            }
            Values.dnsLabel(name);
        }
    }

    /** The names of the volumes that a StatefulSet makes for each of its Pods; none of other kinds. */
    static List<String> claims(Place object) {
        return object.at("spec").each("volumeClaimTemplates").stream()
                .map(claim -> claim.in("metadata", "name").text())
                .toList();
    }

    static void statefulSetChange(Place newer, Place stored) {
        JsonNode now = newer.at("spec").node().deepCopy();
        JsonNode before = stored.at("spec").node().deepCopy();
        for (JsonNode spec : List.of(now, before)) {
            if (spec instanceof ObjectNode object) {
                object.remove(STATEFUL_CHANGEABLE);
                object.path("volumeClaimTemplates").forEach(claim -> {
                    if (claim instanceof ObjectNode template) {
                        template.remove(List.of("kind", "apiVersion"));
                    }
                });
            }
        }
        if (!Likeness.same(now, before)) {
            newer.at("spec")
                    .forbidden("updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template',"
                            + " 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and"
                            + " 'minReadySeconds' are forbidden");
        }
    }

    static void daemonSet(Place set) {
        Place spec = set.at("spec");
        if (spec.at("selector").isThere()) {
            selector(spec, "daemonset");
        }
        template(spec, "DaemonSet");
        known(spec.at("updateStrategy").shownAs("DaemonSetUpdateStrategy"), List.of("RollingUpdate", "OnDelete"));
        Place update = spec.in("updateStrategy", "rollingUpdate");
        boolean noneMissing = isZero(update.at("maxUnavailable"));
        boolean noneMore = isZero(update.at("maxSurge"));
        if (update.isThere() && noneMissing && noneMore) {
            update.at("maxUnavailable").required("cannot be 0 when maxSurge is 0");
        } else if (update.isThere() && !noneMissing && !noneMore) {
            update.at("maxSurge").invalid("may not be set when maxUnavailable is non-zero");
        }
    }

    static void replicationController(Place controller) {
        Place spec = controller.at("spec");
        JsonNode labels = spec.in("template", "metadata", "labels").node();
        Place selector = spec.at("selector");
        if (selector.isSet()
                && spec.at("template").isThere()
                && !LabelSelector.ofLabels(selector.node()).matches(labels)) {
            spec.in("template", "metadata", "labels").shownAs("{}").invalid(MISMATCH);
        }
        restartPolicy(spec);
        noDeadline(spec.in("template", "spec", "activeDeadlineSeconds"), "ReplicationController");
    }

    private static void noDeadline(Place deadline, String kind) {
        if (deadline.isThere()) {
            deadline.forbidden("activeDeadlineSeconds in " + kind + " is not Supported");
        }
    }

    /** A strategy of another type is told of as a whole. */
    private static void known(Place strategy, List<String> types) {
        if (strategy.at("Type").isSet() && !types.contains(strategy.text("Type"))) {
            strategy.notSupported(types);
        }
    }

    private static void selector(Place spec, String kind) {
        Place selector = spec.at("selector");
        if (!selector.isThere()) {
            selector.required("");
            return;
        }
        int wrong = spec.causes().size();
        Values.selector(selector);
        if (spec.causes().size() > wrong && !kind.equals("daemonset")) {
            selector.shownAs("LabelSelector").invalid(kind.equals("statefulset") ? "" : "invalid label selector");
        }
        if (!selector.at("matchLabels").isSet()
                && !selector.at("matchExpressions").isSet()) {
            selector.shownAs("LabelSelector").invalid("empty selector is invalid for " + kind);
        }
    }

    private static void template(Place spec, String kind) {
        Place template = spec.at("template");
        Place labels = template.in("metadata", "labels");
        if (template.isThere() && !matches(spec.at("selector"), labels.node())) {
            labels.shownAs("{}").invalid(MISMATCH);
        }
        restartPolicy(spec);
        noDeadline(template.in("spec", "activeDeadlineSeconds"), kind);
    }

    /** A selector that is missing chooses nothing; one that is empty or wrong is told elsewhere. */
    static boolean matches(Place selector, JsonNode labels) {
        if (!selector.isSet()) {
            return selector.isThere();
        }
        try {
            return LabelSelector.of(selector.node()).matches(labels);
        } catch (StatusException e) {
            return true;
        }
    }

    private static void restartPolicy(Place spec) {
        Place policy = spec.in("template", "spec", "restartPolicy");
        if (policy.isSet() && !policy.text().equals("Always")) {
            policy.notSupported(List.of("Always"));
        }
    }

    /** No whole number and no percentage is as good as 0. */
    private static boolean isZero(Place value) {
        String text = value.text();
        String digits = text.endsWith("%") ? text.substring(0, text.length() - 1) : text;
        return !digits.matches("[-+]?[0-9]+") || digits.matches("[-+]?0+");
    }
}
