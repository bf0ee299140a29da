package io.jollyboat.controllers.scheduler;

import io.jollyboat.api.selectors.LabelSelector;
import io.jollyboat.api.selectors.Requirement;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Which nodes a Pod may use by their labels and names: any one of the terms must hold, and in it every requirement.
 * Source: core/v1 NodeSelector.
 */
record NodeTerms(List<Term> terms) {
    /** One term; with no requirement at all it matches no node. */
    record Term(LabelSelector labels, LabelSelector fields, boolean empty) {
        boolean matches(NodeFacts node) {
            JsonNode fieldValues = JsonNodeFactory.instance.objectNode().put("metadata.name", node.name());
            return !empty && labels.matches(node.labels()) && fields.matches(fieldValues);
        }
    }

    NodeTerms {
        terms = List.copyOf(terms);
    }

    static NodeTerms read(JsonNode nodeSelectorTerms) {
        List<Term> terms = new ArrayList<>();
        nodeSelectorTerms.forEach(term -> terms.add(term(term)));
        return new NodeTerms(terms);
    }

    static Term term(JsonNode json) {
        LabelSelector labels = requirements(json.path("matchExpressions"));
        LabelSelector fields = requirements(json.path("matchFields"));
        return new Term(labels, fields, labels.isEverything() && fields.isEverything());
    }

    private static LabelSelector requirements(JsonNode expressions) {
        List<Requirement> requirements = new ArrayList<>();
        for (JsonNode expression : expressions) {
            List<String> values = new ArrayList<>();
            expression.path("values").forEach(value -> values.add(value.asString("")));
            requirements.add(new Requirement(
                    expression.path("key").asString(""),
                    LabelSelector.operator(expression.path("operator").asString("")),
                    values));
        }
        return new LabelSelector(requirements);
    }

    boolean match(NodeFacts node) {
        return terms.stream().anyMatch(term -> term.matches(node));
    }
}
