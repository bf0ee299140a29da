package io.jollyboat.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class TreesTest {
    @ParameterizedTest
    @ValueSource(strings = {"1 1.0", "1e3 1000", "{a:1,b:[2]} {b:[2.0],a:1}", "'x' 'x'", "null null", "[] []"})
    void equalTrees(String pair) {
        List<JsonNode> both = List.of(pair.split(" ")).stream().map(Table::json).toList();
        assertThat(Trees.equal(both.get(0), both.get(1))).isTrue();
        if (both.get(0).isValueNode()) {
            assertThat(Trees.scalarKey(both.get(0))).isEqualTo(Trees.scalarKey(both.get(1)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1 '1'", "1 1.5", "{a:1} {b:1}", "{} []", "null {}", "[1,2] [2,1]", "1 1e999999999"})
    void differentTrees(String pair) {
        List<JsonNode> both = List.of(pair.split(" ")).stream().map(Table::json).toList();
        assertThat(Trees.equal(both.get(0), both.get(1))).isFalse();
        assertThat(Trees.scalarKey(both.get(0))).isNotEqualTo(Trees.scalarKey(both.get(1)));
    }
}
