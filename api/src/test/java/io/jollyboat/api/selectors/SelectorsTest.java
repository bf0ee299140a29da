package io.jollyboat.api.selectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jollyboat.api.StatusException;
import io.jollyboat.api.Table;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

class SelectorsTest {
    static List<List<String>> labels() {
        return Table.rows(SelectorsTest.class, "labels.txt");
    }

    static List<List<String>> labelErrors() {
        return Table.rows(SelectorsTest.class, "label-errors.txt");
    }

    static List<List<String>> fields() {
        return Table.rows(SelectorsTest.class, "fields.txt");
    }

    static List<List<String>> json() {
        return Table.rows(SelectorsTest.class, "json.txt");
    }

    @ParameterizedTest
    @MethodSource("labels")
    void aLabelSelectorChooses(List<String> row) {
        LabelSelector selector = LabelSelector.parse(row.get(0));
        assertThat(selector).hasToString(row.get(1));
        assertThat(selector.matches(Table.json(row.get(2)))).isEqualTo(Boolean.parseBoolean(row.get(3)));
        assertThat(LabelSelector.parse(selector.toString())).isEqualTo(selector);
    }

    @ParameterizedTest
    @MethodSource("labelErrors")
    void aWrongLabelSelectorIsABadRequest(List<String> row) {
        StatusException e = catchThrowableOfType(StatusException.class, () -> LabelSelector.parse(row.get(0)));
        assertThat(e).hasMessage(row.get(1));
        assertThat(e.is(StatusException.Reason.BAD_REQUEST)).isTrue();
    }

    @ParameterizedTest
    @MethodSource("json")
    void theJsonFormSaysTheSame(List<String> row) {
        String said;
        try {
            said = LabelSelector.of(Table.json(row.get(0))).toString();
        } catch (StatusException e) {
            said = e.getMessage();
        }
        assertThat(said).isEqualTo(row.get(1));
    }

    @ParameterizedTest
    @MethodSource("fields")
    void aFieldSelectorChooses(List<String> row) {
        JsonNode fields = Table.json(row.get(2));
        String canonical;
        String chosen;
        try {
            FieldSelector selector = FieldSelector.parse(row.get(0));
            canonical = selector.toString();
            chosen = String.valueOf(selector.matches(field -> fields.path(field).stringValue("")));
        } catch (StatusException e) {
            canonical = e.getMessage();
            chosen = "error";
        }
        assertThat(canonical).isEqualTo(row.get(1));
        assertThat(chosen).isEqualTo(row.get(3));
    }

    @Test
    void nothingChoosesNothing() {
        assertThat(LabelSelector.NOTHING.matches(Table.json("{}"))).isFalse();
        assertThat(LabelSelector.NOTHING.matches(Table.json("{nothing: ''}"))).isFalse();
        assertThat(LabelSelector.EVERYTHING.matches(Table.json("{a: 'b'}"))).isTrue();
    }

    @Test
    void aServicesSelectorIsAPlainMap() {
        LabelSelector selector = LabelSelector.ofLabels(Table.json("{app: 'web', tier: 'a'}"));
        assertThat(selector.matches(Table.json("{app: 'web', tier: 'a', x: 'y'}")))
                .isTrue();
        assertThat(selector.matches(Table.json("{app: 'web'}"))).isFalse();
    }
}
