package io.jollyboat.api.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.kinds.SelectableFields;
import io.jollyboat.api.selectors.FieldSelector;
import io.jollyboat.api.selectors.LabelSelector;
import io.jollyboat.testing.fuzz.FuzzContract;
import java.util.List;
import java.util.Map;

/** Label and field selectors as queries bring them. */
class SelectorFuzzTest extends FuzzContract {
    SelectorFuzzTest() {
        super("selectors.txt");
    }

    @Override
    protected List<String> words() {
        return List.of(
                "in",
                "notin",
                " in (",
                " notin (",
                ")",
                "!",
                "=",
                "==",
                "!=",
                ">",
                "<",
                ",",
                "a",
                "app.kubernetes.io/",
                "metadata.name=",
                "status.phase!=",
                "\\,",
                "\\=",
                "\\\\",
                "9223372036854775808",
                "\u00a0",
                "\u0000");
    }

    @Override
    protected void take(byte[] input) {
        String text = Bodies.text(input);
        try {
            LabelSelector selector = LabelSelector.parse(text);
            assertThat(LabelSelector.parse(selector.toString())).hasToString(selector.toString());
            selector.matches(Map.of("a", "b", "app", "1"));
            selector.matches(Map.of());
        } catch (StatusException e) {
            Bodies.refused(e);
        }
        try {
            FieldSelector selector = FieldSelector.parse(text);
            assertThat(FieldSelector.parse(selector.toString())).isEqualTo(selector);
            selector.matches(field -> field);
            selector.requirements().forEach(one -> SelectableFields.check(Resources.kind("v1", "Pod"), one.field()));
        } catch (StatusException e) {
            Bodies.refused(e);
        }
    }
}
