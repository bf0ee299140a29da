package io.jollyboat.api.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.Table;
import io.jollyboat.api.schema.BuiltInSchema;
import io.jollyboat.api.schema.LittleSchema;
import io.jollyboat.api.schema.Type;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

class PatchTest {
    /** One of the three kinds of patch. */
    private interface Patcher {
        JsonNode apply(ObjectNode live, JsonNode patch);
    }

    static List<Table.Case> strategic() {
        return Table.cases(PatchTest.class, "strategic.txt");
    }

    static List<Table.Case> builtIn() {
        return Table.cases(PatchTest.class, "builtin.txt");
    }

    static List<Table.Case> json() {
        return Table.cases(PatchTest.class, "json.txt");
    }

    static List<Table.Case> merge() {
        return Table.cases(PatchTest.class, "merge.txt");
    }

    @ParameterizedTest
    @MethodSource("strategic")
    void strategicMerge(Table.Case row) {
        check(row, (live, patch) -> StrategicPatch.apply(live, (ObjectNode) patch, LittleSchema.thing()));
    }

    @ParameterizedTest
    @MethodSource("builtIn")
    void strategicMergeOfBuiltInKinds(Table.Case row) {
        String[] kind = row.text("kind").split(" ");
        Type.Struct type =
                BuiltInSchema.schema().type(Resources.kind(kind[0], kind[1])).orElseThrow();
        check(row, (live, patch) -> StrategicPatch.apply(live, (ObjectNode) patch, type));
    }

    @ParameterizedTest
    @MethodSource("json")
    void jsonPatch(Table.Case row) {
        check(row, JsonPatch::apply);
    }

    @ParameterizedTest
    @MethodSource("merge")
    void mergePatch(Table.Case row) {
        check(row, (live, patch) -> MergePatch.apply(live, (ObjectNode) patch));
    }

    private static void check(Table.Case row, Patcher patcher) {
        ObjectNode live = (ObjectNode) row.json("live");
        JsonNode patch = row.json("patch");
        String outcome;
        try {
            outcome = patcher.apply(live, patch).toString();
        } catch (StatusException e) {
            outcome = words(e.failure().causes().isEmpty() ? e : new RuntimeException(cause(e)));
            assertThat(e.failure().reason().code()).isIn(400, 422);
        }
        String expected =
                row.has("error") ? row.text("error") : row.json("result").toString();
        assertThat(sorted(outcome)).isEqualTo(sorted(expected));
        assertThat(live).as("live is not changed").isEqualTo(row.json("live"));
        assertThat(patch).as("the patch is not changed").isEqualTo(row.json("patch"));
    }

    private static String cause(StatusException e) {
        assertThat(e).hasMessage("the server rejected our request due to an error in our request");
        return e.failure().causes().getFirst().message();
    }

    private static String words(Exception e) {
        return e.getMessage().strip().replaceAll("\n ?", "\n");
    }

    /** JSON without the order of names; other text as it is. */
    private static Object sorted(String text) {
        return text.startsWith("{") ? Table.json(text) : text;
    }

    @Test
    void tooManyOperationsAreTooLarge() {
        ArrayNode operations = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i <= JsonPatch.MOST_OPERATIONS; i++) {
            operations.add(Table.json("{op: 'add', path: '/x', value: 'y'}"));
        }
        assertThatThrownBy(() -> JsonPatch.apply(Table.json("{}"), operations))
                .isInstanceOfSatisfying(
                        StatusException.class,
                        e -> assertThat(e.failure().reason().code()).isEqualTo(413))
                .hasMessageContaining("The allowed maximum operations in a JSON patch is 10000, got 10001");
    }

    @Test
    void copiesOfCopiesAreBounded() {
        ArrayNode operations = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < 100; i++) {
            operations.add(Table.json("{op: 'copy', from: '/a', path: '/a/-'}"));
        }
        assertThatThrownBy(() -> JsonPatch.apply(Table.json("{a: ['x', 'y']}"), operations))
                .isInstanceOfSatisfying(
                        StatusException.class,
                        e -> assertThat(e.failure().causes().getFirst().message())
                                .startsWith("Unable to complete the copy"));
    }

    @Test
    void whatIsNoPatchIsABadRequest() {
        assertThatThrownBy(() -> JsonPatch.apply(Table.json("{}"), Table.json("{}")))
                .isInstanceOfSatisfying(
                        StatusException.class,
                        e -> assertThat(e.failure().reason().code()).isEqualTo(400));
        assertThatThrownBy(() -> JsonPatch.apply(Table.json("{}"), Table.json("[1]")))
                .isInstanceOf(StatusException.class);
    }

    @Test
    void longListsMerge() {
        int size = 20_000;
        ArrayNode live = JsonNodeFactory.instance.arrayNode();
        ArrayNode patch = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < size; i++) {
            live.addObject().put("port", i);
            patch.addObject().put("port", size - i).put("name", "p" + i);
        }
        ObjectNode before = JsonNodeFactory.instance.objectNode();
        before.putObject("spec").set("ports", live);
        ObjectNode change = JsonNodeFactory.instance.objectNode();
        change.putObject("spec").set("ports", patch);
        JsonNode ports =
                StrategicPatch.apply(before, change, LittleSchema.thing()).at("/spec/ports");
        assertThat(ports.size()).isEqualTo(size + 1);
        assertThat(ports.get(0).path("port").intValue()).as("new").isEqualTo(size);
        assertThat(ports.get(1).path("port").intValue()).as("live only").isZero();
    }
}
