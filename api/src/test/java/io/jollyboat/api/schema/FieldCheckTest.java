package io.jollyboat.api.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class FieldCheckTest {
    private static final JsonMapper JSON = new JsonMapper();

    static List<String> cases() throws IOException {
        try (var in = FieldCheckTest.class.getResourceAsStream("field-checks.txt")) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return List.of(text.replaceAll("(?m)^#.*\n", "").strip().split("\n\n"));
        }
    }

    /** Each case: kind, the object, what is kept, and one line for each complaint. */
    @ParameterizedTest
    @MethodSource("cases")
    void keepsAndComplainsAsKubernetesDoes(String text) {
        List<String> line = text.lines().toList();
        String[] kind = line.get(0).split(" ");
        int slash = kind[0].indexOf('/');
        Type.Struct type = BuiltInSchema.schema()
                .type(slash < 0 ? "" : kind[0].substring(0, slash), kind[0].substring(slash + 1), kind[1])
                .orElseThrow();
        ObjectNode given = (ObjectNode) JSON.readTree(line.get(1));
        ObjectNode before = given.deepCopy();

        FieldCheck.Checked checked = FieldCheck.check(given, type);

        assertThat(checked.object()).isEqualTo(JSON.readTree(line.get(2)));
        List<String> said = new java.util.ArrayList<>(checked.unknown());
        checked.mismatch().ifPresent(said::add);
        assertThat(said).isEqualTo(line.subList(3, line.size()));
        assertThat(given).isEqualTo(before);
    }

    @Test
    void aFailureReadsAsTheServersOwn() {
        var failure = FieldCheck.cannotBeHandled(
                "apps/v1",
                "Deployment",
                "Deployment",
                FieldCheck.strict(List.of("unknown field \"spec.foo\"", "duplicate field \"spec.replicas\"")));
        assertThat(failure.failure().reason().code()).isEqualTo(400);
        assertThat(failure)
                .hasMessage("Deployment in version \"v1\" cannot be handled as a Deployment: strict decoding error: "
                        + "unknown field \"spec.foo\", duplicate field \"spec.replicas\"");
    }
}
