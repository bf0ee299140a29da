package io.jollyboat.api.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The cases are answers of a kube-apiserver 1.35.4. */
class YamlTextTest {
    private static final JsonMapper JSON = new JsonMapper();

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "plain"                 | plain
            ""                      | ""
            " a"                    | ' a'
            "yes"                   | "yes"
            "y"                     | "y"
            "true"                  | "true"
            "tRUE"                  | tRUE
            "1"                     | "1"
            "0777"                  | "0777"
            "08"                    | "08"
            "1e3"                   | "1e3"
            "1_000"                 | "1_000"
            "+"                     | +
            "~"                     | "~"
            ".inf"                  | ".inf"
            "1:20"                  | "1:20"
            "12:61"                 | 12:61
            "2020-1-1"              | "2020-1-1"
            "2020-01-01T00:00:00Z"  | "2020-01-01T00:00:00Z"
            "2020-01-01T00:00"      | 2020-01-01T00:00
            "a: b"                  | 'a: b'
            "a:b"                   | a:b
            "a #b"                  | 'a #b'
            "it's"                  | it's
            "'it'"                  | '''it'''
            "*a"                    | '*a'
            "[a]"                   | '[a]'
            "-"                     | '-'
            "-a"                    | -a
            "a\\tb"                 | "a\\tb"
            1                       | 1
            -1.5                    | -1.5
            12345678901234567890    | 12345678901234567890
            null                    | null
            true                    | true
            {}                      | {}
            []                      | []
            """)
    void valuesAreBareWhereTheyMayBe(String json, String yaml) throws IOException {
        assertThat(written("{\"k\":" + json + "}")).isEqualTo("k: " + yaml + "\n");
    }

    @Test
    void objectsAreWrittenFieldByFieldAndListsAsDeepAsTheirField() throws IOException {
        assertThat(written("""
                {"z": {"b": 1, "a": [[1, 2], {"d": "x", "c": []}]}, "m": "one\\ntwo\\n", "o": "one\\n\\ntwo"}
                """)).isEqualTo("""
                m: |
                  one
                  two
                o: |-
                  one

                  two
                z:
                  a:
                  - - 1
                    - 2
                  - c: []
                    d: x
                  b: 1
                """);
    }

    @Test
    void longTextsAreFolded() throws IOException {
        assertThat(written("{\"k\":\"" + "word ".repeat(20) + "end\"}")).isEqualTo("""
                k: word word word word word word word word word word word word word word word word
                  word word word word end
                """);
    }

    @Test
    void fieldsAreSortedAsPeopleDo() {
        List<String> sorted = List.of(
                "-a", ".a", "1", "2", "10", "10a", "100b", "A", "B", "_a", "a", "a-b", "a.b", "a_b", "a1", "a2", "a10",
                "ab");
        for (String left : sorted) {
            for (String right : sorted) {
                assertThat(Integer.signum(YamlText.compare(left, right)))
                        .isEqualTo(-Integer.signum(YamlText.compare(right, left)));
            }
        }
        List<String> names = new ArrayList<>(sorted);
        Collections.reverse(names);
        names.sort(YamlText::compare);
        assertThat(names)
                .hasSameElementsAs(sorted)
                .containsSubsequence("1", "2", "10", "A", "a", "a1", "a2", "a10", "ab");
    }

    @Test
    void whatIsWrittenIsReadAgain() throws IOException {
        SplittableRandom random = new SplittableRandom(35);
        String signs = "ab01.:-#'\"\\ \n\t{}[],&*!|>%@`~?=<_yn\u00e9\u2028\u0085";
        for (int i = 0; i < 2000; i++) {
            StringBuilder text = new StringBuilder();
            for (int left = random.nextInt(12); left > 0; left--) {
                text.append(signs.charAt(random.nextInt(signs.length())));
            }
            JsonNode tree = JSON.createObjectNode().put("k", text.toString()).put(text + "x", "v");
            assertThat(YamlBody.parse(written(tree.toString())).tree()).isEqualTo(tree);
        }
    }

    private static String written(String json) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        YamlText.write(out, JSON.readTree(json));
        return out.toString(StandardCharsets.UTF_8);
    }
}
