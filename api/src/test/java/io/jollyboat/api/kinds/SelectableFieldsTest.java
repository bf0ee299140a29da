package io.jollyboat.api.kinds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelectableFieldsTest {
    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '~', textBlock = """
            v1;      Pod;       spec.nodeName;            {spec: {nodeName: n}};                          n
            v1;      Pod;       spec.nodeName;            {spec: {}};                                     ~~
            v1;      Pod;       spec.hostNetwork;         {spec: {}};                                     false
            v1;      Pod;       status.podIP;             {status: {podIPs: [{ip: 10.0.0.1}]}};           10.0.0.1
            v1;      Pod;       metadata.namespace;       {metadata: {namespace: x}};                     x
            v1;      Node;      spec.unschedulable;       {spec: {unschedulable: true}};                  true
            v1;      Event;     source;                   {reportingComponent: r};                        r
            v1;      Event;     involvedObject.kind;      {involvedObject: {kind: Pod}};                  Pod
            v1;      Namespace; name;                     {metadata: {name: x}};                          x
            apps/v1; ReplicaSet; status.replicas;         {};                                             0
            batch/v1; Job;      status.successful;        {status: {succeeded: 2}};                       2
            v1;      ConfigMap; metadata.name;            {metadata: {name: x}};                          x
            """)
    void aKnownFieldHasAValue(String apiVersion, String kind, String field, String object, String value) {
        Resource resource = Resources.kind(apiVersion, kind);
        SelectableFields.check(resource, field);
        assertThat(SelectableFields.value(resource, field, Yaml.object(object))).contains(value);
    }

    @Test
    void anUnknownFieldIsRefusedInTheWordsOfItsKind() {
        assertThatThrownBy(() -> SelectableFields.check(Resources.kind("v1", "Pod"), "spec.foo"))
                .isInstanceOf(StatusException.class)
                .hasMessage("field label not supported: spec.foo");
        assertThatThrownBy(() -> SelectableFields.check(Resources.kind("v1", "ConfigMap"), "data.a"))
                .isInstanceOf(StatusException.class)
                .hasMessage("\"data.a\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"");
    }
}
