package io.jollyboat.server.access;

import io.jollyboat.api.StatusException;
import io.jollyboat.api.selectors.FieldSelector;
import io.jollyboat.api.selectors.FieldSelector.FieldRequirement;
import io.jollyboat.api.selectors.LabelSelector;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * The selectors of a question about access, as far as they can be understood: what cannot is left out, since a
 * requirement less only asks for more.
 *
 * @param fields what a list would choose
 * @param trouble what was left out, in Kubernetes' words; "" for nothing
 */
record Reviewed(FieldSelector fields, String trouble) {
    private static final Set<String> LABEL_OPERATORS = Set.of("In", "NotIn", "Exists", "DoesNotExist");

    static Reviewed of(JsonNode attributes) {
        List<String> troubles = new ArrayList<>();
        FieldSelector fields = fields(attributes.path("fieldSelector"), troubles);
        labels(attributes.path("labelSelector"), troubles);
        return new Reviewed(fields, String.join("; ", troubles));
    }

    private static FieldSelector fields(JsonNode selector, List<String> troubles) {
        JsonNode requirements = selector.path("requirements");
        if (requirements.isEmpty()) {
            try {
                return FieldSelector.parse(selector.path("rawSelector").asString(""));
            } catch (StatusException e) {
                troubles.add(ignored("fieldSelector", false));
                return FieldSelector.EVERYTHING;
            }
        }
        List<FieldRequirement> understood = new ArrayList<>();
        for (JsonNode requirement : requirements) {
            String operator = requirement.path("operator").asString("");
            JsonNode values = requirement.path("values");
            if (values.size() == 1 && (operator.equals("In") || operator.equals("NotIn"))) {
                String field = requirement.path("key").asString("");
                understood.add(new FieldRequirement(
                        field, operator.equals("In"), values.get(0).asString("")));
            }
        }
        if (understood.size() < requirements.size()) {
            troubles.add(ignored("fieldSelector", !understood.isEmpty()));
        }
        return new FieldSelector(understood);
    }

    private static void labels(JsonNode selector, List<String> troubles) {
        JsonNode requirements = selector.path("requirements");
        if (requirements.isEmpty()) {
            try {
                LabelSelector.parse(selector.path("rawSelector").asString(""));
            } catch (StatusException e) {
                troubles.add(ignored("labelSelector", false));
            }
            return;
        }
        long understood = requirements
                .valueStream()
                .filter(each -> LABEL_OPERATORS.contains(each.path("operator").asString("")))
                .count();
        if (understood < requirements.size()) {
            troubles.add(ignored("labelSelector", understood > 0));
        }
    }

    private static String ignored(String selector, boolean partially) {
        return "spec.resourceAttributes.%s%s ignored due to parse error"
                .formatted(selector, partially ? " partially" : "");
    }
}
