package io.jollyboat.server.validation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class ComparisonTest {
    private static final JsonMapper JSON = new JsonMapper();

    @Test
    void whatIsEqualHasNoDifference() {
        assertThat(Comparison.of(JSON.readTree("{\"a\":1}"), JSON.readTree("{\"a\":1}")))
                .isEmpty();
    }

    @Test
    void aValueIsShownIndentedByOneBlankALevel() {
        assertThat(Comparison.lines(JSON.readTree("{\"a\":{\"b\":[1,{}],\"c\":[]},\"d\":\"e\"}")))
                .containsExactly(
                        "{",
                        " \"a\": {",
                        "  \"b\": [",
                        "   1,",
                        "   {}",
                        "  ],",
                        "  \"c\": []",
                        " },",
                        " \"d\": \"e\"",
                        "}");
    }

    @Test
    void aChangeStandsAmongThreeLinesThatStay() {
        assertThat(Comparison.ofLines(lines("a b c d e f g h"), lines("a b c d x y f g h")))
                .isEqualTo("""
                        @@ -2,7 +2,8 @@
                         b
                         c
                         d
                        -e
                        +x
                        +y
                         f
                         g
                         h
                        """);
    }

    @Test
    void changesFarFromEachOtherAreShownApart() {
        assertThat(Comparison.ofLines(lines("a b c d e f g h i"), lines("b c d e f g h i j")))
                .isEqualTo("""
                        @@ -1,4 +1,3 @@
                        -a
                         b
                         c
                         d
                        @@ -7,3 +6,4 @@
                         g
                         h
                         i
                        +j
                        """);
    }

    @Test
    void inALongTextALineThatStandsEverywhereBeginsNoRun() {
        List<String> before = new ArrayList<>(Collections.nCopies(300, "{"));
        List<String> after = new ArrayList<>(before);
        after.set(0, "x");
        assertThat(Comparison.ofLines(before, after)).startsWith("@@ -1,300 +1,300 @@\n-{\n");
    }

    @Test
    void whatIsTooLongIsNotCompared() {
        List<String> before = Collections.nCopies(Comparison.LINES_LIMIT + 1, "a");
        assertThat(Comparison.ofLines(before, lines("b"))).isEmpty();
    }

    private static List<String> lines(String words) {
        return List.of(words.split(" "));
    }
}
