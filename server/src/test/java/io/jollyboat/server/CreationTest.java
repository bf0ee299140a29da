package io.jollyboat.server;

import static io.jollyboat.server.Fixture.CONFIG_MAP;
import static io.jollyboat.server.Fixture.DEPLOYMENT;
import static io.jollyboat.server.Fixture.NAMESPACE;
import static io.jollyboat.server.Fixture.json;
import static io.jollyboat.server.Fixture.refused;
import static io.jollyboat.server.Fixture.target;
import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.Meta;
import io.jollyboat.api.StatusException.Reason;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

final class CreationTest {
    private final Fixture cluster = new Fixture();

    @Test
    void theServerSetsWhatIsItsOwn() {
        ObjectNode made = cluster.create(
                CONFIG_MAP,
                "{metadata:{name:'a',uid:'mine',generation:7,deletionTimestamp:'2020-01-01T00:00:00Z'},data:{k:'v'}}");
        assertThat(Meta.apiVersion(made)).isEqualTo("v1");
        assertThat(Meta.kind(made)).isEqualTo("ConfigMap");
        assertThat(Meta.namespace(made)).isEqualTo("default");
        assertThat(Meta.uid(made)).hasSize(36);
        assertThat(made.at("/metadata/creationTimestamp").asString()).isEqualTo("2026-01-01T00:00:00Z");
        assertThat(made.path("metadata").has("generation")).isFalse();
        assertThat(made.path("metadata").has("deletionTimestamp")).isFalse();
        assertThat(Meta.resourceVersion(made)).isEqualTo(Long.toString(cluster.store.revision()));
        assertThat(cluster.get(CONFIG_MAP, "a")).isEqualTo(made);
    }

    @Test
    void statusIsDroppedAndGenerationBegins() {
        ObjectNode made = cluster.create(
                DEPLOYMENT,
                "{metadata:{name:'d'},spec:{selector:{matchLabels:{a:'b'}},template:{metadata:{labels:{a:'b'}},"
                        + "spec:{containers:[{name:'c',image:'i'}]}}},status:{replicas:5}}");
        assertThat(Meta.generation(made)).isEqualTo(1);
        assertThat(made.path("status").isEmpty()).isTrue();
        assertThat(made.at("/spec/replicas").asInt()).isEqualTo(1);
    }

    @Test
    void namesAreMadeFromABase() {
        String base = "x".repeat(70);
        ObjectNode made = cluster.create(CONFIG_MAP, "{metadata:{generateName:'" + base + "'}}");
        assertThat(Meta.name(made))
                .hasSize(63)
                .startsWith("x".repeat(58))
                .matches("x+[bcdfghjklmnpqrstvwxz2456789]{5}");
    }

    @Test
    void aTakenNameIsRefused() {
        cluster.create(CONFIG_MAP, "{metadata:{name:'a'}}");
        var failure = refused(() -> cluster.create(CONFIG_MAP, "{metadata:{name:'a'}}"));
        assertThat(failure.reason()).isEqualTo(Reason.ALREADY_EXISTS);
        assertThat(failure.message()).isEqualTo("configmaps \"a\" already exists");
        assertThat(refused(() -> cluster.api.create(
                                CONFIG_MAP, "default", json("{metadata:{name:'a'}}"), cluster.dryRun()))
                        .reason())
                .isEqualTo(Reason.ALREADY_EXISTS);
    }

    @Test
    void bodiesMustBelongToTheAddress() {
        assertThat(refused(() -> cluster.create(CONFIG_MAP, "{metadata:{name:'a',namespace:'other'}}"))
                        .message())
                .isEqualTo("the namespace of the provided object does not match the namespace sent on the request");
        assertThat(refused(() -> cluster.create(CONFIG_MAP, "{apiVersion:'v2',metadata:{name:'a'}}"))
                        .message())
                .isEqualTo("the API version in the data (v2) does not match the expected API version (v1)");
        assertThat(refused(() -> cluster.create(CONFIG_MAP, "{kind:'Pod',metadata:{name:'a'}}"))
                        .message())
                .isEqualTo("Pod in version \"v1\" cannot be handled as a ConfigMap: converting (v1.Pod) to"
                        + " (core.ConfigMap): unknown conversion");
        assertThat(refused(() -> cluster.create(CONFIG_MAP, "{metadata:{}}")).message())
                .isEqualTo(
                        "ConfigMap \"\" is invalid: metadata.name: Required value: name or generateName is required");
        assertThat(refused(() -> cluster.create(CONFIG_MAP, "{metadata:{name:'a',resourceVersion:'1'}}"))
                        .message())
                .isEqualTo("resourceVersion should not be set on objects to be created");
    }

    @Test
    void theNamespaceMustBeThereAndStay() {
        var missing = refused(
                () -> cluster.api.create(CONFIG_MAP, "nowhere", json("{metadata:{name:'a'}}"), cluster.options()));
        assertThat(missing.reason()).isEqualTo(Reason.NOT_FOUND);
        assertThat(missing.message()).isEqualTo("namespaces \"nowhere\" not found");
        cluster.create(NAMESPACE, "{metadata:{name:'going'}}");
        cluster.delete(NAMESPACE, "going");
        var going = refused(
                () -> cluster.api.create(CONFIG_MAP, "going", json("{metadata:{name:'a'}}"), cluster.options()));
        assertThat(going.reason()).isEqualTo(Reason.FORBIDDEN);
        assertThat(going.message())
                .isEqualTo("configmaps \"a\" is forbidden: unable to create new content in namespace going because it"
                        + " is being terminated");
        assertThat(going.causes().getFirst().reason()).isEqualTo("NamespaceTerminating");
    }

    @Test
    void aDryRunStoresNothing() {
        long before = cluster.store.revision();
        ObjectNode shown =
                cluster.api.create(CONFIG_MAP, "default", json("{metadata:{generateName:'a-'}}"), cluster.dryRun());
        assertThat(Meta.name(shown)).startsWith("a-");
        assertThat(Meta.uid(shown)).isNotEmpty();
        assertThat(Meta.resourceVersion(shown)).isEmpty();
        assertThat(cluster.store.revision()).isEqualTo(before);
        assertThat(refused(() -> cluster.api.get(target(CONFIG_MAP, Meta.name(shown))))
                        .reason())
                .isEqualTo(Reason.NOT_FOUND);
    }

    @Test
    void theStoredBytesBecomeJsonWithTheVersion() {
        ObjectNode made = cluster.create(CONFIG_MAP, "{data:{k:'v'},metadata:{name:'a'}}");
        SharedObject shared = (SharedObject) made;
        assertThat(Fixture.JSON.readTree(shared.json())).isEqualTo(made);
        var item = new java.io.ByteArrayOutputStream();
        org.assertj.core.api.Assertions.assertThatCode(() -> shared.writeJson(item, false))
                .doesNotThrowAnyException();
        ObjectNode withoutKind = made.deepCopy().without(java.util.List.of("kind", "apiVersion"));
        assertThat(Fixture.JSON.readTree(item.toByteArray())).isEqualTo(withoutKind);
    }
}
