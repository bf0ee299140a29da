package io.jollyboat.api.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BuiltInSchemaTest {
    private final Schema schema = BuiltInSchema.schema();

    static List<String> facts() throws IOException {
        try (var in = BuiltInSchemaTest.class.getResourceAsStream("facts.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(l -> !l.isBlank() && !l.startsWith("#"))
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("facts")
    void saysWhatIsKnown(String fact) {
        String[] column = fact.split("  ");
        Field field = field(column[0], column[1]);
        assertThat(words(field)).contains(column[2].split(" "));
    }

    @Test
    void everyKindAndSubresourceOfTheCatalogueHasAType() {
        List<String> missing = new ArrayList<>();
        for (Resource resource : Resources.builtIn().all()) {
            if (schema.type(resource).isEmpty()
                    || !resource.verbs().equals(java.util.Set.of("create"))
                            && schema.type(resource.group(), resource.version(), resource.kind() + "List")
                                    .isEmpty()) {
                missing.add(resource.toString());
            }
            for (Resource.Subresource part : resource.subresources()) {
                if (schema.type(part.group(), part.version(), part.kind()).isEmpty()) {
                    missing.add(resource + "/" + part.name());
                }
            }
        }
        assertThat(missing).isEmpty();
    }

    @Test
    void partsOfKindsAreNoKindsAndUnknownOnesAreEmpty() {
        assertThat(schema.type("", "v1", "PodSpec")).isEmpty();
        assertThat(schema.type("", "v1", "PodTemplateSpec")).isEmpty();
        assertThat(schema.type("example.org", "v1", "Boat")).isEmpty();
        assertThat(schema.type("apps", "v1", "Pod")).isEmpty();
    }

    @Test
    void everyDefinitionOfTheTableCanBeRead() {
        SchemaTable table = SchemaTable.builtIn();
        assertThat(table.names("v1")).hasSizeGreaterThan(200);
        for (Resource resource : Resources.builtIn().all()) {
            for (String name : table.names(resource.apiVersion())) {
                for (Definition.Row row : table.the(name).rows()) {
                    assertThat(!row.isReference()
                                    || table.definition(row.element()).isPresent())
                            .as("%s.%s", name, row.name())
                            .isTrue();
                }
            }
        }
    }

    private Field field(String kind, String path) {
        int slash = kind.lastIndexOf('/');
        String groupVersion = kind.substring(0, slash);
        int group = groupVersion.indexOf('/');
        Type at = schema.type(
                        group < 0 ? "" : groupVersion.substring(0, group),
                        groupVersion.substring(group + 1),
                        kind.substring(slash + 1))
                .orElseThrow();
        Field field = null;
        for (String step : path.split("\\.")) {
            field = ((Type.Struct) at).fields().get(step);
            assertThat(field).as(step).isNotNull();
            at = field.type() instanceof Type.ListOf list ? list.element() : field.type();
        }
        return field;
    }

    private static List<String> words(Field field) {
        List<String> words = new ArrayList<>();
        words.add(field.apply().name());
        words.add(field.required() ? "required" : "optional");
        words.add(field.pointer() ? "pointer" : "value");
        words.add("keys=" + String.join(",", field.applyKeys()));
        Field.Strategic strategic = field.strategic();
        words.add(
                !strategic.merge()
                        ? "no-merge"
                        : strategic.mergeKey().isEmpty() ? "merge" : "merge=" + strategic.mergeKey());
        words.add(strategic.retainKeys() ? "retain" : "no-retain");
        field.defaultValue().ifPresent(v -> words.add("default=" + v));
        words.add(
                switch (field.type()) {
                    case Type.Scalar scalar -> "type=" + scalar;
                    case Type.ListOf list -> "type=list";
                    case Type.MapOf map -> "type=map";
                    case Type.Struct struct -> "type=" + struct.name();
                });
        return words;
    }
}
