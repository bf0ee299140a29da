package io.jollyboat.api.schema;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What Kubernetes writes although it is empty. */
class CompletionTest {
    private static final JsonMapper JSON = JsonMapper.shared();

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            discovery.k8s.io | EndpointSlice | {"ports":[{}]} | {"metadata":{},"addressType":"","endpoints":null,"ports":[{}]}
            discovery.k8s.io | EndpointSlice | {"endpoints":[{"hints":{"forZones":[{}]}}]} | {"metadata":{},"addressType":"","endpoints":[{"addresses":null,"conditions":{},"hints":{"forZones":[{"name":""}]}}],"ports":null}
            "" | Event | {"count":2,"series":{}} | {"metadata":{},"involvedObject":{},"source":{},"firstTimestamp":null,"lastTimestamp":null,"count":2,"eventTime":null,"series":{"lastObservedTime":null},"reportingComponent":"","reportingInstance":""}
            "" | Namespace | {"status":{"conditions":[{"type":"a"}]}} | {"metadata":{},"spec":{},"status":{"conditions":[{"type":"a","status":"","lastTransitionTime":null}]}}
            networking.k8s.io | IPAddress | {"spec":{"parentRef":{}},"unknown":1} | {"metadata":{},"spec":{"parentRef":{}},"unknown":1}
            """)
    void whatIsMissingIsWrittenInGoOrder(String group, String kind, String object, String completed) {
        Type.Struct type = BuiltInSchema.schema()
                .type(group.equals("\"\"") ? "" : group, "v1", kind)
                .orElseThrow();
        ObjectNode tree = (ObjectNode) JSON.readTree(object);
        Completion.complete(tree, type);
        assertThat(tree.toString()).isEqualTo(completed);
        Completion.complete(tree, type);
        assertThat(tree.toString()).as("twice").isEqualTo(completed);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"ports":[],"endpoints":[{"addresses":[],"conditions":{},"deprecatedTopology":{}}]} | {"ports":null,"endpoints":[{"addresses":null,"conditions":{},"deprecatedTopology":{}}]}
            {"ports":[{}]} | {"ports":[{}]}
            """)
    void emptyListsBecomeNull(String object, String stored) {
        Type.Struct type = BuiltInSchema.schema()
                .type("discovery.k8s.io", "v1", "EndpointSlice")
                .orElseThrow();
        ObjectNode tree = (ObjectNode) JSON.readTree(object);
        Completion.forget(tree, type);
        assertThat(tree.toString()).isEqualTo(stored);
    }
}
