package io.jollyboat.server.validation;

import io.jollyboat.api.NameRules;
import java.util.List;

/** What a Pod may ask of its node and of its neighbours. */
final class AffinityChecks {
    private static final String REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
    private static final String PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";

    private AffinityChecks() {}

    static void affinity(Place affinity) {
        Place node = affinity.at("nodeAffinity");
        if (node.at(REQUIRED).isThere()) {
            nodeSelector(node.at(REQUIRED));
        }
        for (Place preferred : node.each(PREFERRED)) {
            weight(preferred);
            nodeTerm(preferred.at("preference"));
        }
        for (String kind : List.of("podAffinity", "podAntiAffinity")) {
            Place pods = affinity.at(kind);
            pods.each(REQUIRED).forEach(AffinityChecks::podTerm);
            for (Place preferred : pods.each(PREFERRED)) {
                weight(preferred);
                podTerm(preferred.at("podAffinityTerm"));
            }
        }
    }

    /** The terms by which a node is chosen, also of volumes. */
    static void nodeSelector(Place selector) {
        Place terms = selector.at("nodeSelectorTerms");
        if (!terms.isSet()) {
            terms.required("must have at least one node selector term");
        }
        for (Place term : terms.elements()) {
            nodeTerm(term);
            for (Place expression : term.each("matchExpressions")) {
                expression.each("values").forEach(value -> value.invalid(NameRules.labelValue(value.text())));
            }
        }
    }

    private static void nodeTerm(Place term) {
        term.each("matchExpressions").forEach(AffinityChecks::expression);
        term.each("matchFields").forEach(AffinityChecks::field);
    }

    /** A field of nodes, of which there is the name alone. */
    private static void field(Place field) {
        Place values = field.at("values");
        if (!List.of("In", "NotIn").contains(field.text("operator"))) {
            field.at("operator").quoting(field.text("operator")).invalid("not a valid selector operator");
        } else if (values.node().size() != 1) {
            values.required("must be only one value when `operator` is 'In' or 'NotIn' for node field selector");
        }
        if (field.text("key").equals("metadata.name")) {
            values.elements().forEach(value -> value.invalid(NameRules.dnsSubdomain(value.text())));
        } else {
            field.at("key").quoting(field.text("key")).invalid("not a valid field selector key");
        }
    }

    private static void expression(Place expression) {
        Place values = expression.at("values");
        switch (expression.text("operator")) {
            case "In", "NotIn" -> {
                if (!values.isSet()) {
                    values.required("must be specified when `operator` is 'In' or 'NotIn'");
                }
            }
            case "Exists", "DoesNotExist" -> {
                if (values.isSet()) {
                    values.forbidden("may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
                }
            }
            case "Gt", "Lt" -> {
                if (values.node().size() != 1) {
                    values.required("must be specified single value when `operator` is 'Lt' or 'Gt'");
                }
            }
            default -> expression.at("operator").orEmpty().invalid("not a valid selector operator");
        }
        Place key = expression.at("key").orEmpty();
        key.invalid(NameRules.qualified(key.text()));
    }

    private static void weight(Place preferred) {
        Place weight = preferred.at("weight").orZero();
        if (weight.number() < 1 || weight.number() > 100) {
            weight.invalid("must be in the range 1-100");
        }
    }

    private static void podTerm(Place term) {
        Values.selector(term.at("labelSelector"));
        Values.selector(term.at("namespaceSelector"));
        for (Place name : term.each("namespaces")) {
            name.toldAs(term.path() + ".namespace").invalid(NameRules.dnsLabel(name.text()));
        }
        Place key = term.at("topologyKey");
        if (!key.isSet()) {
            key.required("can not be empty");
        }
        key.orEmpty().invalid(NameRules.qualified(key.text()));
    }
}
