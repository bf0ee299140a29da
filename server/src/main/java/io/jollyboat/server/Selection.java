package io.jollyboat.server;

import io.jollyboat.api.Meta;
import io.jollyboat.api.Resource;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.kinds.SelectableFields;
import io.jollyboat.api.selectors.FieldSelector;
import io.jollyboat.api.selectors.LabelSelector;
import tools.jackson.databind.node.ObjectNode;

/** Which objects of a kind a list, a watch or a deletion of many means. */
record Selection(Resource resource, LabelSelector labels, FieldSelector fields) {
    private static final String NAME = "metadata.name";

    /**
     * @throws io.jollyboat.api.StatusException 400 for what is no selector, and for a field that the kind does not
     *     offer
     */
    static Selection parse(Resource resource, String labels, String fields) {
        FieldSelector byField = FieldSelector.parse(fields);
        byField.requirements().forEach(r -> SelectableFields.check(resource, r.field()));
        return new Selection(resource, LabelSelector.parse(labels), byField);
    }

    /** The one name that a field selector asks for; "" for several. */
    static String name(FieldSelector fields) {
        return required(fields, NAME);
    }

    /** A field selector; a text that is none chooses everything, and is refused only when it is used. */
    static FieldSelector understood(String fieldSelector) {
        try {
            return fieldSelector.isEmpty() ? FieldSelector.EVERYTHING : FieldSelector.parse(fieldSelector);
        } catch (StatusException e) {
            return FieldSelector.EVERYTHING;
        }
    }

    /** Whether every object is meant. */
    boolean everything() {
        return labels.isEverything() && fields.isEverything();
    }

    boolean matches(ObjectNode object) {
        return (labels.isEverything() || labels.matches(Meta.labelsNode(object)))
                && (fields.isEverything()
                        || fields.matches(field ->
                                SelectableFields.value(resource, field, object).orElse("")));
    }

    /** The prefix of the keys of all objects that can be meant: of one object, where its name is asked for. */
    String prefix(Resource stored, String namespace) {
        String name = required(NAME);
        String where = namespace.isEmpty() && resource.namespaced() ? required("metadata.namespace") : namespace;
        boolean whole = name.isEmpty() || resource.namespaced() && where.isEmpty();
        return whole ? Keys.prefix(stored, where) : Keys.of(stored, where, name);
    }

    /** The value that the field must have, "" where none is asked for. */
    String required(String field) {
        return required(fields, field);
    }

    private static String required(FieldSelector fields, String field) {
        return fields.requirements().stream()
                .filter(r -> r.equal() && r.field().equals(field))
                .map(FieldSelector.FieldRequirement::value)
                .findFirst()
                .orElse("");
    }
}
