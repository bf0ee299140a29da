package io.jollyboat.api.fields;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.Meta;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.Table;
import io.jollyboat.api.Trees;
import io.jollyboat.api.schema.BuiltInSchema;
import io.jollyboat.api.schema.LittleSchema;
import io.jollyboat.api.schema.Type;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

class FieldsTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00.5Z");

    static List<Table.Case> applies() {
        return Table.cases(FieldsTest.class, "apply.txt");
    }

    static List<Table.Case> updates() {
        return Table.cases(FieldsTest.class, "updates.txt");
    }

    static List<Table.Case> builtIn() {
        return Table.cases(FieldsTest.class, "builtin.txt");
    }

    static List<Table.Case> free() {
        return Table.cases(FieldsTest.class, "free.txt");
    }

    @ParameterizedTest
    @MethodSource("applies")
    void serverSideApply(Table.Case row) {
        new Run(Optional.of(LittleSchema.thing())).all(row);
    }

    @ParameterizedTest
    @MethodSource("updates")
    void update(Table.Case row) {
        new Run(Optional.of(LittleSchema.thing())).all(row);
    }

    @ParameterizedTest
    @MethodSource("free")
    void withoutSchema(Table.Case row) {
        new Run(Optional.empty()).all(row);
    }

    @ParameterizedTest
    @MethodSource("builtIn")
    void builtInKinds(Table.Case row) {
        new Run(Optional.empty()).all(row);
    }

    /** One object and the writes to it. */
    private static final class Run {
        private Optional<Type.Struct> type;
        private String apiVersion = "example/v1";
        private String kind = "Thing";
        private ObjectNode live = JsonNodeFactory.instance.objectNode();
        private String error = "";
        private int checks;
        private Instant now = START;

        Run(Optional<Type.Struct> type) {
            this.type = type;
        }

        void all(Table.Case row) {
            row.parts().forEach((part, text) -> step(part.replaceAll("[0-9]+$", ""), text));
            assertThat(checks).as("something is checked").isPositive();
            if (!row.has("error")) {
                assertThat(error).isEmpty();
            }
        }

        private void step(String part, String text) {
            now = now.plusSeconds(1);
            switch (part) {
                case "kind" -> kind(text.split(" "));
                case "fields" -> check(live.at("/metadata/managedFields/0/fieldsV1"), Table.json(text));
                case "bare" -> live = stored((ObjectNode) Table.json(text));
                case "update" -> update(edit(text), body(text));
                case "apply" -> apply(edit(text), text.contains(" force {"), body(text));
                case "object" -> check(plain(live), Table.json(text));
                case "owners" -> check(owners(live), text.equals("none") ? "" : text);
                case "error" -> check(error, text.replaceAll("\n +", "\n"));
                default -> throw new IllegalArgumentException("no step " + part);
            }
        }

        private void kind(String[] words) {
            apiVersion = words[0];
            kind = words[1];
            type = BuiltInSchema.schema().type(Resources.kind(apiVersion, kind));
            assertThat(type).isPresent();
        }

        private void check(Object found, Object expected) {
            checks++;
            assertThat(found).isEqualTo(expected);
        }

        private void update(Edit edit, ObjectNode wanted) {
            ObjectNode before = live.deepCopy();
            ObjectNode next = stored(wanted);
            ManagedFields.afterUpdate(live, next, edit);
            assertThat(live).as("live is not changed").isEqualTo(before);
            live = next;
        }

        private void apply(Edit edit, boolean force, ObjectNode intent) {
            ObjectNode before = live.deepCopy();
            ObjectNode sent = intent.deepCopy();
            try {
                ObjectNode next = stored(Apply.apply(live, intent, force, edit));
                assertThat(Trees.equal(Apply.apply(next, intent, force, edit), next))
                        .as("applied again it changes nothing")
                        .isTrue();
                assertThat(live).as("live is not changed").isEqualTo(before);
                live = next;
            } catch (StatusException e) {
                error = e.getMessage().replaceAll("\n +", "\n");
                assertThat(e.failure().causes()).allSatisfy(cause -> {
                    assertThat(cause.reason()).isEqualTo("FieldManagerConflict");
                    assertThat(error).contains(cause.field());
                });
            }
            assertThat(intent).as("the intent is not changed").isEqualTo(sent);
        }

        private Edit edit(String text) {
            String[] manager = text.substring(0, text.indexOf(' ')).split("/");
            String subresource = manager.length > 1 ? manager[1] : "";
            FieldSet reset = FieldSet.ofFields(subresource.equals("status") ? "spec" : "status");
            return new Edit(manager[0], apiVersion, subresource, now, type, type.isEmpty() ? FieldSet.EMPTY : reset);
        }

        private ObjectNode body(String text) {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            object.put("apiVersion", apiVersion).put("kind", kind);
            object.setAll((ObjectNode) Table.json(text.substring(text.indexOf('{'))));
            Meta.writable(object).put("name", "x");
            return object;
        }

        private static ObjectNode stored(ObjectNode object) {
            ObjectNode copy = object.deepCopy();
            Meta.writable(copy).put("uid", "u").put("resourceVersion", "7");
            return copy;
        }
    }

    private static JsonNode plain(ObjectNode object) {
        ObjectNode copy = object.deepCopy();
        copy.remove(List.of("apiVersion", "kind"));
        ObjectNode metadata = Meta.writable(copy);
        metadata.remove(List.of("name", "uid", "resourceVersion", "managedFields"));
        if (metadata.isEmpty()) {
            copy.remove("metadata");
        }
        return copy;
    }

    private static String owners(ObjectNode object) {
        List<String> lines = new ArrayList<>();
        for (JsonNode entry : object.path("metadata").path("managedFields")) {
            List<String> words = new ArrayList<>();
            String subresource = entry.path("subresource").stringValue("");
            words.add(entry.path("manager").stringValue() + (subresource.isEmpty() ? "" : "/" + subresource));
            words.add(entry.path("operation").stringValue());
            FieldSet set = FieldSet.decode(entry.path("fieldsV1"));
            assertThat(set.encode()).hasToString(entry.path("fieldsV1").toString());
            set.forEachPath(
                    path -> words.add(path.stream().map(PathElement::text).collect(Collectors.joining())));
            lines.add(String.join(" ", words));
        }
        return String.join("\n", lines);
    }

    @Test
    void anEntryHasKubernetesForm() {
        ObjectNode object = (ObjectNode) Table.json(
                "{metadata: {labels: {b: '1', a: '2'}}, spec: {ports: [{port: 8080}, {port: 443}, {port: 80}]}}");
        Edit edit = new Edit("", "v1", "scale", START, Optional.of(LittleSchema.thing()), FieldSet.EMPTY);
        ManagedFields.afterUpdate(JsonNodeFactory.instance.objectNode(), object, edit);
        assertThat(object.at("/metadata/managedFields")).hasToString("""
                [{"manager":"unknown","operation":"Update","apiVersion":"v1","time":"2026-01-01T00:00:00Z",\
                "fieldsType":"FieldsV1","fieldsV1":{"f:metadata":{"f:labels":{".":{},"f:a":{},"f:b":{}}},\
                "f:spec":{"f:ports":{".":{},"k:{\\"port\\":80,\\"protocol\\":\\"TCP\\"}":{".":{},"f:port":{}},\
                "k:{\\"port\\":443,\\"protocol\\":\\"TCP\\"}":{".":{},"f:port":{}},\
                "k:{\\"port\\":8080,\\"protocol\\":\\"TCP\\"}":{".":{},"f:port":{}}}}},"subresource":"scale"}]""");
    }

    @Test
    void theTimeMovesOnlyWithAChange() {
        Edit first = new Edit("m", "v1", "", START, Optional.of(LittleSchema.thing()), FieldSet.EMPTY);
        Edit later = new Edit("m", "v1", "", START.plusSeconds(9), Optional.of(LittleSchema.thing()), FieldSet.EMPTY);
        ObjectNode intent = (ObjectNode) Table.json("{apiVersion: 'v1', spec: {replicas: 1}}");
        ObjectNode object = Apply.apply(JsonNodeFactory.instance.objectNode(), intent, false, first);
        assertThat(Apply.apply(object, intent, false, later)).isEqualTo(object);
        ((ObjectNode) intent.path("spec")).put("replicas", 2);
        assertThat(Apply.apply(object, intent, false, later)
                        .at("/metadata/managedFields/0/time")
                        .stringValue())
                .isEqualTo("2026-01-01T00:00:09Z");
    }

    @Test
    void longListsStayFast() {
        ObjectNode intent = (ObjectNode) Table.json("{apiVersion: 'v1', spec: {ports: []}}");
        for (int i = 0; i < 5_000; i++) {
            intent.path("spec").withArray("/ports").addObject().put("port", i);
        }
        Edit edit = new Edit("m", "v1", "", START, Optional.of(LittleSchema.thing()), FieldSet.EMPTY);
        ObjectNode object = Apply.apply(JsonNodeFactory.instance.objectNode(), intent, false, edit);
        assertThat(object.at("/spec/ports").size()).isEqualTo(5_000);
        ObjectNode less = intent.deepCopy();
        less.path("spec").withArray("/ports").remove(0);
        assertThat(Apply.apply(object, less, false, edit).at("/spec/ports").size())
                .isEqualTo(4_999);
    }
}
