package io.jollyboat.api.fields;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jollyboat.api.Table;
import org.junit.jupiter.api.Test;

class FieldSetTest {
    private static FieldSet set(String json) {
        return FieldSet.decode(Table.json(json));
    }

    @Test
    void readsWhatItWrites() {
        String code =
                "{\"f:a\":{\".\":{},\"f:b\":{}},\"f:c\":{\"k:{\\\"name\\\":\\\"x\\\"}\":{},\"v:1\":{},\"v:\\\"s\\\"\":{},\"i:0\":{}}}";
        assertThat(set(code)).hasToString(code);
    }

    @Test
    void keysMayComeInAnyOrder() {
        assertThat(set("{'k:{\"b\": 1, \"a\": \"x\"}': {}}"))
                .hasToString("{\"k:{\\\"a\\\":\\\"x\\\",\\\"b\\\":1}\":{}}");
    }

    @Test
    void elementsFromTheFutureArePassedOver() {
        assertThat(set("{'z:new': {}, 'f:a': {}}")).hasToString("{\"f:a\":{}}");
        assertThatThrownBy(() -> set("{'k:{': {}}")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> set("{'k:5': {}}")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theAlgebraOfSets() {
        FieldSet a = set("{'f:a': {'.': {}, 'f:b': {}}, 'f:c': {}}");
        FieldSet b = set("{'f:a': {'f:b': {}, 'f:d': {}}, 'f:c': {'f:e': {}}}");
        assertThat(a.union(b)).isEqualTo(set("{'f:a': {'.': {}, 'f:b': {}, 'f:d': {}}, 'f:c': {'.': {}, 'f:e': {}}}"));
        assertThat(a.intersection(b)).isEqualTo(set("{'f:a': {'f:b': {}}}"));
        assertThat(a.difference(b)).isEqualTo(set("{'f:a': {}, 'f:c': {}}"));
        assertThat(b.difference(a)).isEqualTo(set("{'f:a': {'f:d': {}}, 'f:c': {'f:e': {}}}"));
        assertThat(b.without(FieldSet.ofFields("f"))).isSameAs(b);
        assertThat(b.without(FieldSet.ofFields("c"))).isEqualTo(set("{'f:a': {'f:b': {}, 'f:d': {}}}"));
        assertThat(a.difference(a).isEmpty()).isTrue();
        assertThat(a.without(FieldSet.ofFields("a", "b"))).isEqualTo(set("{'f:a': {}, 'f:c': {}}"));
    }
}
