package io.jollyboat.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.jollyboat.testing.Samples;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A sample of every kind goes through fabric8's client and back, generic and typed, and nothing of it is lost. */
@Timeout(120)
class Fabric8RoundTripsTest {
    private static final int SECONDS = 60;

    private static ApiServer server;
    private static KubernetesClient client;

    @BeforeAll
    static void start() throws IOException {
        server = new ApiServer();
        client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(server.kubeconfig()))
                .build();
        client.namespaces()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(Samples.NAMESPACE)
                        .endMetadata()
                        .build())
                .create();
        client.serviceAccounts()
                .inNamespace(Samples.NAMESPACE)
                .withName("default")
                .waitUntilCondition(Objects::nonNull, SECONDS, TimeUnit.SECONDS);
    }

    @AfterAll
    static void stop() throws Exception {
        client.close();
        server.close();
    }

    static Stream<EveryKind> stored() {
        return EveryKind.stored();
    }

    static Stream<EveryKind> questions() {
        return EveryKind.questions();
    }

    /** Notes the type of each event. */
    private static final class Notes implements Watcher<GenericKubernetesResource> {
        private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

        @Override
        public void eventReceived(Action action, GenericKubernetesResource object) {
            events.add(action.name());
        }

        @Override
        public void onClose(WatcherException cause) {
            events.add("CLOSED " + cause.getMessage());
        }

        String next() throws InterruptedException {
            return Objects.toString(events.poll(SECONDS, TimeUnit.SECONDS), "nothing came");
        }

        /** The next that is no change: controllers may change what they like. */
        String nextBut(String type) throws InterruptedException {
            String next = next();
            while (next.equals(type)) {
                next = next();
            }
            return next;
        }
    }

    private static NonNamespaceOperation<
                    GenericKubernetesResource, GenericKubernetesResourceList, Resource<GenericKubernetesResource>>
            generic(EveryKind kind) {
        var all = client.genericKubernetesResources(new ResourceDefinitionContext.Builder()
                .withGroup(kind.resource().group())
                .withVersion(kind.resource().version())
                .withKind(kind.resource().kind())
                .withPlural(kind.resource().plural())
                .withNamespaced(kind.resource().namespaced())
                .build());
        return kind.resource().namespaced() ? all.inNamespace(Samples.NAMESPACE) : all;
    }

    private static JsonNode tree(Object object) {
        return JsonMapper.shared().readTree(Serialization.asJson(object));
    }

    @ParameterizedTest
    @MethodSource("stored")
    void genericObjectsComeBackWhole(EveryKind kind) throws Exception {
        var all = generic(kind);
        var one = all.withName(kind.name());
        var sample = Serialization.unmarshal(kind.object().toString(), GenericKubernetesResource.class);
        Notes notes = new Notes();
        try (Watch watch = one.watch(notes)) {
            assertThat(watch).isNotNull();
            assertThat(Lost.between(kind.object(), tree(all.resource(sample).create())))
                    .isEmpty();
            assertThat(notes.next()).isEqualTo("ADDED");
            assertThat(Lost.between(kind.object(), tree(one.get()))).isEmpty();
            assertThat(all.withLabel("trial", "1").list().getItems())
                    .anySatisfy(item ->
                            assertThat(Lost.between(kind.object(), tree(item))).isEmpty());
            var changed = one.patch(
                    PatchContext.of(PatchType.JSON_MERGE), kind.change().toString());
            assertThat(Lost.between(kind.change(), tree(changed))).isEmpty();
            assertThat(notes.next()).isEqualTo("MODIFIED");
            one.withGracePeriod(0).delete();
            assertThat(notes.nextBut("MODIFIED")).isEqualTo("DELETED");
        }
        assertThat(one.get()).isNull();
    }

    @ParameterizedTest
    @MethodSource("stored")
    void typedObjectsComeBackWhole(EveryKind kind) {
        HasMetadata sample = Serialization.unmarshal(kind.object().toString());
        assertThat(Lost.between(kind.object(), tree(sample)))
                .as("by the client's own model")
                .isEmpty();
        var one = client.resource(sample);
        assertThat(Lost.between(kind.object(), tree(one.create()))).isEmpty();
        assertThat(Lost.between(kind.object(), tree(one.get()))).isEmpty();
        one.withGracePeriod(0).delete();
        one.waitUntilCondition(Objects::isNull, SECONDS, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @MethodSource("questions")
    void questionsAreAnswered(EveryKind kind) {
        var question = Serialization.unmarshal(kind.object().toString(), GenericKubernetesResource.class);
        JsonNode answer = tree(generic(kind).resource(question).create());
        // a review of rules does not repeat the namespace that it was asked for, as in Kubernetes
        assertThat(Lost.between(kind.object(), answer))
                .allMatch(lost ->
                        kind.resource().kind().equals("SelfSubjectRulesReview") && lost.startsWith(".spec.namespace"));
        assertThat(answer.path("status").isObject()).isTrue();
    }
}
