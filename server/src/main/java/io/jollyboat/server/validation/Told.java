package io.jollyboat.server.validation;

import io.jollyboat.api.NameRules;
import io.jollyboat.api.Quantity;
import io.jollyboat.api.kinds.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import tools.jackson.databind.node.JsonNodeFactory;

/** Collects what is told to the user of one write, in Kubernetes' words. */
final class Told {
    private static final Map<String, String> OLD_LABELS = TextTable.rows(Told.class, "old-labels.txt").stream()
            .collect(Collectors.toMap(List::getFirst, List::getLast));

    private final List<String> texts = new ArrayList<>();

    List<String> texts() {
        return texts;
    }

    void say(String text) {
        texts.add(text);
    }

    /** {@code PATH: WORDS}. */
    void say(Place place, String words) {
        texts.add(place.path() + ": " + words);
    }

    /** In quotation marks, as Go shows texts. */
    static String quoted(String text) {
        return JsonNodeFactory.instance.stringNode(text).toString();
    }

    /** Of the keys of a map of node labels. @param path where each key is told */
    void oldLabels(Place map, UnaryOperator<String> path) {
        for (String key : map.node().propertyNames()) {
            if (OLD_LABELS.containsKey(key)) {
                say(path.apply(key) + ": " + OLD_LABELS.get(key));
            }
        }
    }

    /** Of a text that names a label. */
    void oldLabel(Place name) {
        if (OLD_LABELS.containsKey(name.text())) {
            say(name, name.text() + " is " + OLD_LABELS.get(name.text()));
        }
    }

    /** As above, without the label's name. */
    void oldLabelBriefly(Place name) {
        if (OLD_LABELS.containsKey(name.text())) {
            say(name, OLD_LABELS.get(name.text()));
        }
    }

    /** A term that chooses nodes. @param values whether they are looked at too */
    void term(Place term, boolean values) {
        for (Place expression : term.each("matchExpressions")) {
            oldLabel(expression.at("key"));
            if (values) {
                for (Place value : expression.each("values")) {
                    NameRules.labelValue(value.text())
                            .forEach(wrong -> say(value, value.text() + " is invalid, " + wrong));
                }
            }
        }
    }

    /** An amount of bytes in a map of resources, of which there are only whole ones. */
    void whole(Place resources, String name) {
        Place amount = resources.key(name);
        Quantity.parse(amount.text())
                .filter(quantity -> !quantity.isWhole())
                .ifPresent(quantity -> say(
                        amount,
                        "fractional byte value " + quoted(quantity.toString()) + " is invalid, must be an integer"));
    }
}
