package io.jollyboat.api.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jollyboat.api.StatusException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TextBodyTest {
    private static final JsonMapper JSON = new JsonMapper();

    @Test
    void theLastOfTwoFieldsCountsAndTheRepetitionIsTold() {
        Decoded decoded = json(
                "{\"metadata\":{\"labels\":{\"a\":\"1\",\"a\":\"2\"}},\"spec\":{\"c\":[{\"n\":1},{\"n\":1,\"n\":2}]}}");
        assertThat(decoded.object())
                .isEqualTo(JSON.readTree(
                        "{\"metadata\":{\"labels\":{\"a\":\"2\"}},\"spec\":{\"c\":[{\"n\":1},{\"n\":2}]}}"));
        assertThat(decoded.duplicates())
                .containsExactly("duplicate field \"metadata.labels.a\"", "duplicate field \"spec.c[1].n\"");
    }

    @Test
    void bigNumbersSurvive() {
        assertThat(json("{\"a\":9223372036854775807,\"b\":18446744073709551616}")
                        .object()
                        .toString())
                .isEqualTo("{\"a\":9223372036854775807,\"b\":18446744073709551616}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ``            | unexpected end of JSON input (<empty>)
            {             | unexpected end of JSON input ({)
            {"a":}        | invalid character '}' looking for beginning of value ({"a":})
            {a:1}         | invalid character 'a' looking for beginning of object key string ({a:1})
            {"a":1 "b":2} | invalid character '"' after object key:value pair ({"a":1 "b":2})
            {"a":[1 2]}   | invalid character '2' after array element ({"a":[1 2]})
            hello         | invalid character 'h' looking for beginning of value (68656c6c6f)
            """)
    void whatIsNoJsonIsABadRequest(String body, String detail) {
        assertThatThrownBy(() -> json(body))
                .isInstanceOf(StatusException.class)
                .hasMessage("the object provided is unrecognized (must be of type Pod): couldn't get version/kind; "
                        + "json parse error: " + detail);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\":", "["})
    void depthIsLimited(String open) {
        String deep = open.repeat(100_000);
        assertThatThrownBy(() -> json(deep)).isInstanceOf(StatusException.class).hasMessageContaining("max depth");
        assertThatThrownBy(() -> yaml(deep)).isInstanceOf(StatusException.class).hasMessageContaining("max depth");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            yes      | true
            "yes"    | "yes"
            off      | false
            0644     | 420
            0o644    | 420
            0x1F     | 31
            08       | 8
            1_000    | 1000
            1e3      | 1000
            1.0      | 1
            1.5      | 1.5
            1.2.3    | "1.2.3"
            ~        | null
            null     | null
            2001-01-01 | "2001-01-01"
            !!str 5  | "5"
            '5'      | "5"
            -7       | -7
            8080:80  | "8080:80"
            9223372036854775808 | 9223372036854775808
            """)
    void bareWordsMeanWhatTheyMeanInKubernetes(String word, String json) {
        assertThat(yaml("a: " + word).object().get("a").toString()).isEqualTo(json);
    }

    @Test
    void anchorsMergesAndKeys() {
        JsonNode object = yaml("""
                base: &b {x: 1, z: 2}
                more:
                  <<: *b
                  z: 3
                1: one
                true: t
                text: |
                  two
                  lines
                """).object();
        assertThat(object)
                .isEqualTo(JSON.readTree(
                        "{\"base\":{\"x\":1,\"z\":2},\"more\":{\"z\":3,\"x\":1},\"1\":\"one\",\"true\":\"t\","
                                + "\"text\":\"two\\nlines\\n\"}"));
    }

    @Test
    void repeatedKeysInYaml() {
        assertThat(yaml("a: 1\nb:\n  c: 1\n  c: 2\n").duplicates())
                .containsExactly("yaml: unmarshal errors:\n  line 4: key \"c\" already set in map");
    }

    @Test
    void brokenYamlNamesTheLine() {
        assertThatThrownBy(() -> yaml("a: 1\nb: c: d\n"))
                .hasMessageStartingWith(
                        "the object provided is unrecognized (must be of type Pod): yaml: line 2: mapping values are not allowed in this context");
    }

    @Test
    void aliasesCannotFillTheMemory() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for (int i = 1; i < 10; i++) {
            bomb.append("a%d: &a%d [".formatted(i, i));
            bomb.append(("*a" + (i - 1) + ",").repeat(10)).append("]\n");
        }
        assertThatThrownBy(() -> yaml(bomb.toString()))
                .isInstanceOf(StatusException.class)
                .hasMessageContaining("excessive aliasing");
    }

    @Test
    void manifestsAreSplitWithTheirLines() {
        List<Manifest.Part> parts = Manifest.parts("# first\nkind: A\n---\n---\n# nothing\n---\nkind: B\nx: [1]\n");
        assertThat(parts)
                .extracting(p -> p.object().toString())
                .containsExactly("{\"kind\":\"A\"}", "{\"kind\":\"B\",\"x\":[1]}");
        assertThat(parts).extracting(Manifest.Part::line).containsExactly(2, 7);
        assertThat(Manifest.parts("{\"kind\":\"A\"}")).hasSize(1);
        assertThat(Manifest.parts("")).isEmpty();
        assertThatThrownBy(() -> Manifest.parts("a: 1\n---\n- b\n"))
                .isInstanceOf(StatusException.class)
                .hasMessage("line 3: an object is expected here, not array");
    }

    @Test
    void mediaTypes() {
        assertThat(Format.of("")).isEqualTo(Format.JSON);
        assertThat(Format.of("application/json; charset=utf-8")).isEqualTo(Format.JSON);
        assertThat(Format.of("application/vnd.kubernetes.protobuf")).isEqualTo(Format.PROTOBUF);
        assertThatThrownBy(() -> Format.of("text/plain"))
                .hasMessageStartingWith(
                        "the body of the request was in an unknown format - accepted media types include:");
    }

    private static Decoded json(String text) {
        return Format.JSON.decode(text.getBytes(StandardCharsets.UTF_8), "Pod");
    }

    private static Decoded yaml(String text) {
        return Format.YAML.decode(text.getBytes(StandardCharsets.UTF_8), "Pod");
    }
}
