package io.jollyboat.server.validation;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.Meta;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException.Cause;
import io.jollyboat.api.kinds.Defaults;
import io.jollyboat.api.schema.BuiltInSchema;
import io.jollyboat.api.schema.Completion;
import io.jollyboat.server.Conversions;
import io.jollyboat.testing.Cases;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The cases are tables: an object, and the causes as {@code field | reason | message}; for changes what is stored comes
 * first. Names and namespaces that a case leaves out are filled in, and defaults are set as the server sets them.
 */
class ValidationTest {
    private static final JsonMapper JSON = new JsonMapper();

    static List<Cases.Case> creations() {
        return Cases.read(ValidationTest.class, "creations.cases");
    }

    static List<Cases.Case> changes() {
        return Cases.read(ValidationTest.class, "changes.cases");
    }

    static List<Cases.Case> advice() {
        return Cases.read(ValidationTest.class, "advice.cases");
    }

    @ParameterizedTest
    @MethodSource("advice")
    void usersAreToldWhatTheyHadBetterKnow(Cases.Case each) {
        ObjectNode object = object(each.part(0));
        Resource resource = resource(object);
        defaults(resource, object);
        assertThat(lines(Validation.create(resource, object))).isEmpty();
        assertThat(String.join("\n", Advice.of(resource, object, Optional.empty())))
                .isEqualTo(each.part(1));
    }

    @Test
    void aTemplateIsToldOfWhenItChangesAndAPodOnlyOnce() {
        String container = "{containers: [{name: c, image: i, ports: [{containerPort: 1}, {containerPort: 1}]}]}";
        ObjectNode pod = object("{apiVersion: v1, kind: Pod, spec: " + container + "}");
        assertThat(Advice.of(resource(pod), pod, Optional.empty())).hasSize(1);
        assertThat(Advice.of(resource(pod), pod, Optional.of(pod))).isEmpty();
        ObjectNode job = object("{apiVersion: batch/v1, kind: Job, metadata: {generation: 1}, spec: {template: {spec: "
                + container + "}}}");
        ObjectNode changed = job.deepCopy();
        assertThat(Advice.of(resource(job), changed, Optional.of(job))).isEmpty();
        Meta.writable(changed).put("generation", 2);
        assertThat(Advice.of(resource(job), changed, Optional.of(job)))
                .containsExactly("spec.template.spec.containers[0].ports[1]: duplicate port definition with"
                        + " spec.template.spec.containers[0].ports[0]");
    }

    @ParameterizedTest
    @MethodSource("creations")
    void whatIsWrongWithANewObjectIsToldInKubernetesWords(Cases.Case each) {
        ObjectNode object = object(each.part(0));
        Resource resource = resource(object);
        defaults(resource, object);
        assertThat(lines(Validation.create(resource, Conversions.stored(resource), Conversions.in(resource, object))))
                .isEqualTo(each.part(1));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void whatMayNotChangeIsToldInKubernetesWords(Cases.Case each) {
        ObjectNode stored = object(each.part(0));
        Resource resource = resource(stored);
        defaults(resource, stored);
        ObjectNode newer = stored.deepCopy();
        merge(newer, yaml(each.part(1)));
        Defaults.apply(resource, newer);
        assertThat(lines(Validation.update(
                        resource,
                        Conversions.stored(resource),
                        Conversions.in(resource, newer),
                        Conversions.in(resource, stored),
                        each.part(3))))
                .isEqualTo(each.part(2));
    }

    @Test
    void whatMayChangeLeavesNoCause() {
        ObjectNode stored = object("{apiVersion: v1, kind: ConfigMap, data: {a: b}}");
        ObjectNode newer = object("{apiVersion: v1, kind: ConfigMap, data: {a: c}}");
        assertThat(Validation.update(resource(stored), resource(stored), newer, stored, ""))
                .isEmpty();
    }

    @Test
    void dataBeyondTheLimitIsTooLong() {
        ObjectNode map = object("{apiVersion: v1, kind: ConfigMap}");
        map.putObject("data").put("a", "x".repeat(1024 * 1024 + 1));
        assertThat(lines(Validation.create(resource(map), map)))
                .isEqualTo("[] | FieldValueTooLong | Too long: may not be more than 1048576 bytes");
    }

    @Test
    void annotationsBeyondTheLimitAreTooLong() {
        ObjectNode map = object("{apiVersion: v1, kind: ConfigMap}");
        Meta.writable(map).putObject("annotations").put("a", "x".repeat(256 * 1024));
        assertThat(lines(Validation.create(resource(map), map)))
                .isEqualTo("metadata.annotations | FieldValueTooLong | Too long: may not be more than 262144 bytes");
    }

    private static String lines(List<Cause> causes) {
        return causes.stream()
                .map(cause -> cause.field() + " | " + cause.reason() + " | " + cause.message())
                .collect(Collectors.joining("\n"))
                .strip();
    }

    private static ObjectNode object(String text) {
        ObjectNode object = yaml(text);
        ObjectNode metadata = Meta.writable(object);
        if (!metadata.has("name") && !metadata.has("generateName")) {
            metadata.put("name", "a");
        }
        if (resource(object).namespaced() && !metadata.has("namespace")) {
            metadata.put("namespace", "default");
        }
        return object;
    }

    private static void defaults(Resource resource, ObjectNode object) {
        Completion.complete(object, BuiltInSchema.schema().type(resource).orElseThrow());
        Defaults.apply(resource, object);
        Defaults.begin(resource, object);
    }

    private static Resource resource(ObjectNode object) {
        return Resources.kind(Meta.apiVersion(object), Meta.kind(object));
    }

    private static ObjectNode yaml(String text) {
        Object loaded = new Load(LoadSettings.builder().build()).loadFromString(text);
        return (ObjectNode) JSON.readTree(JSON.writeValueAsString(loaded));
    }

    /** A merge patch (RFC 7396). */
    private static void merge(ObjectNode object, ObjectNode patch) {
        patch.properties().forEach(field -> {
            if (field.getValue().isNull()) {
                object.remove(field.getKey());
            } else if (field.getValue() instanceof ObjectNode more
                    && object.get(field.getKey()) instanceof ObjectNode present) {
                merge(present, more);
            } else {
                object.set(field.getKey(), field.getValue());
            }
        });
    }
}
