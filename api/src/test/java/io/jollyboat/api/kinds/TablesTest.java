package io.jollyboat.api.kinds;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.testing.Cases;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class TablesTest {
    private static final Instant NOW = Instant.parse("2025-01-02T00:00:00Z");
    private static final ObjectNode AT_FIVE = Yaml.object("{resourceVersion: '5'}");

    static List<Cases.Case> rows() {
        return Cases.read(TablesTest.class, "rows.cases");
    }

    @ParameterizedTest
    @MethodSource("rows")
    void eachColumnShowsItsCell(Cases.Case each) {
        ObjectNode object = Yaml.object(each.part(0));
        Resource resource = Resources.kind(
                object.path("apiVersion").asString(), object.path("kind").asString());
        List<String> lines = new ArrayList<>();
        List<Tables.Column> columns = Tables.columns(resource);
        JsonNode cells = Tables.row(resource, object, NOW);
        assertThat(cells.size()).isEqualTo(columns.size());
        for (int i = 0; i < columns.size(); i++) {
            JsonNode cell = cells.get(i);
            String text = cell.isString() ? cell.asString() : cell.isNumber() ? "#" + cell : cell.toString();
            lines.add((columns.get(i).name() + (columns.get(i).priority() > 0 ? "*: " : ": ") + text).strip());
        }
        assertThat(String.join("\n", lines)).isEqualTo(each.part(1));
    }

    @Test
    void everyKindHasATableEvenForAnEmptyObject() {
        for (Resource resource : Resources.builtIn().all()) {
            assertThat(Tables.row(resource, Yaml.object("{}"), NOW).size())
                    .as(resource.toString())
                    .isEqualTo(Tables.columns(resource).size());
        }
    }

    @Test
    void aTableOfAListHasColumnsAndMetadataOnly() {
        Resource pod = Resources.kind("v1", "Pod");
        ObjectNode object = Yaml.object("{metadata: {name: a, labels: {x: y}}, status: {phase: Succeeded}}");
        ObjectNode table = Tables.table(pod, List.of(object), AT_FIVE, Tables.Include.METADATA, true, NOW);
        assertThat(table.path("metadata").path("resourceVersion").asString()).isEqualTo("5");
        assertThat(table.path("columnDefinitions").get(0))
                .isEqualTo(Yaml.node("{name: Name, type: string, format: name, description: "
                        + "'Unique among the objects of its kind in a namespace', priority: 0}"));
        JsonNode row = table.path("rows").get(0);
        assertThat(row.path("object"))
                .isEqualTo(Yaml.node("{kind: PartialObjectMetadata, apiVersion: meta.k8s.io/v1, "
                        + "metadata: {name: a, labels: {x: y}}}"));
        assertThat(row.path("conditions").get(0).path("reason").asString()).isEqualTo("Succeeded");
    }

    @Test
    void laterEventsOfAWatchLeaveColumnsOutAndWholeObjectsCarryTheirKind() {
        Resource map = Resources.kind("v1", "ConfigMap");
        ObjectNode object = Yaml.object("{metadata: {name: a}, data: {x: y}}");
        ObjectNode table = Tables.table(map, List.of(object), AT_FIVE, Tables.Include.OBJECT, false, NOW);
        assertThat(table.path("columnDefinitions").isEmpty()).isTrue();
        assertThat(table.path("rows").get(0).path("object"))
                .isEqualTo(Yaml.node("{kind: ConfigMap, apiVersion: v1, metadata: {name: a}, data: {x: y}}"));
        ObjectNode bare = Tables.table(map, List.of(object), AT_FIVE, Tables.Include.NONE, false, NOW);
        assertThat(bare.path("rows").get(0).has("object")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "-5, <invalid>",
        "-1, 0s",
        "0, 0s",
        "119, 119s",
        "120, 2m",
        "121, 2m1s",
        "599, 9m59s",
        "600, 10m",
        "10799, 179m",
        "10800, 3h",
        "10860, 3h1m",
        "28800, 8h",
        "172799, 47h",
        "172800, 2d",
        "176400, 2d1h",
        "691200, 8d",
        "63071999, 729d",
        "63072000, 2y",
        "63158400, 2y1d",
        "252288000, 8y"
    })
    void durationsGetCoarserAsTheyGrow(long seconds, String text) {
        assertThat(HumanDuration.of(java.time.Duration.ofSeconds(seconds))).isEqualTo(text);
    }
}
