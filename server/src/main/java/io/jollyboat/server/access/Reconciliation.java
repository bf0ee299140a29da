package io.jollyboat.server.access;

import io.jollyboat.api.Meta;
import io.jollyboat.api.Trees;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What becomes of a default role or binding that somebody may have changed: what is missing comes back, what was added
 * stays. Pure functions.
 *
 * <p>Source: Kubernetes' documentation of RBAC, "Auto-reconciliation".
 */
final class Reconciliation {
    /** Set to {@code false} on an object, this keeps it as it is. */
    static final String AUTOUPDATE = "rbac.authorization.kubernetes.io/autoupdate";

    private static final String RULES = "rules";
    private static final String AGGREGATION = "aggregationRule";
    private static final String SELECTORS = "clusterRoleSelectors";
    private static final String SUBJECTS = "subjects";

    private Reconciliation() {}

    /** Whether somebody has asked that this object is left alone. */
    static boolean leaves(ObjectNode present) {
        return Meta.annotation(present, AUTOUPDATE).orElse("").equals("false");
    }

    /** Whether a binding leads to another role than it should: that cannot be changed, only made anew. */
    static boolean leadsElsewhere(ObjectNode present, ObjectNode wanted) {
        return !Trees.equal(present.path("roleRef"), wanted.path("roleRef"));
    }

    /** The object with everything that is wanted of it; empty where nothing is missing. */
    static Optional<ObjectNode> mended(ObjectNode present, ObjectNode wanted) {
        ObjectNode mended = present.deepCopy();
        for (String map : List.of("labels", "annotations")) {
            wanted.path("metadata").path(map).forEachEntry((key, value) -> {
                if (!mended.path("metadata").path(map).has(key)) {
                    mended.withObject("/metadata/" + map).set(key, value);
                }
            });
        }
        if (wanted.has("roleRef")) {
            mendSubjects(mended, wanted);
        } else {
            mendRules(mended, wanted);
            mendAggregation(mended, wanted);
        }
        return Trees.equal(mended, present) ? Optional.empty() : Optional.of(mended);
    }

    /** Each missing right comes back as a rule of its own. */
    private static void mendRules(ObjectNode mended, ObjectNode wanted) {
        if (mended.path(AGGREGATION).isObject() && wanted.path(AGGREGATION).isObject()) {
            return;
        }
        List<JsonNode> present = mended.path(RULES).valueStream().toList();
        List<ObjectNode> missing = wanted.path(RULES)
                .valueStream()
                .flatMap(rule -> Right.of(rule).stream())
                .filter(right -> present.stream().noneMatch(right::isGivenBy))
                .map(Right::rule)
                .toList();
        if (!missing.isEmpty()) {
            list(mended, RULES).addAll(missing);
        }
    }

    private static void mendAggregation(ObjectNode mended, ObjectNode wanted) {
        if (!wanted.path(AGGREGATION).isObject()) {
            mended.remove(AGGREGATION);
            return;
        }
        JsonNode present = mended.path(AGGREGATION).path(SELECTORS);
        List<JsonNode> missing = wanted.path(AGGREGATION)
                .path(SELECTORS)
                .valueStream()
                .filter(selector -> present.valueStream().noneMatch(there -> Trees.equal(there, selector)))
                .toList();
        if (!missing.isEmpty()) {
            ObjectNode rule =
                    mended.path(AGGREGATION) instanceof ObjectNode there ? there : mended.putObject(AGGREGATION);
            list(rule, SELECTORS).addAll(missing);
        }
    }

    private static void mendSubjects(ObjectNode mended, ObjectNode wanted) {
        List<List<String>> present =
                mended.path(SUBJECTS).valueStream().map(Reconciliation::who).toList();
        List<JsonNode> missing = wanted.path(SUBJECTS)
                .valueStream()
                .filter(subject -> !present.contains(who(subject)))
                .toList();
        if (!missing.isEmpty()) {
            list(mended, SUBJECTS).addAll(missing);
        }
    }

    private static List<String> who(JsonNode subject) {
        return List.of(
                subject.path("kind").asString(""),
                subject.path("apiGroup").asString(""),
                subject.path("namespace").asString(""),
                subject.path("name").asString(""));
    }

    /** The list by that name, made where there is none. */
    private static ArrayNode list(ObjectNode object, String field) {
        return object.path(field) instanceof ArrayNode there ? there : object.putArray(field);
    }
}
