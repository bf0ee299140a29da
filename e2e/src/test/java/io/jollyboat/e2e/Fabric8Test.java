package io.jollyboat.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ConfigMapList;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** fabric8's client against the server. */
@Timeout(120)
class Fabric8Test {
    private static final int SECONDS = 30;

    private static ApiServer server;
    private static KubernetesClient client;

    @BeforeAll
    static void start() throws IOException {
        server = new ApiServer();
        client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(server.kubeconfig()))
                .build();
    }

    @AfterAll
    static void stop() throws Exception {
        client.close();
        server.close();
    }

    /** Notes each event as {@code TYPE name}. */
    private static final class Notes<T extends HasMetadata> implements Watcher<T>, ResourceEventHandler<T> {
        private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

        @Override
        public void eventReceived(Action action, T object) {
            events.add(action + " " + object.getMetadata().getName());
        }

        @Override
        public void onClose(WatcherException cause) {
            events.add("CLOSED " + cause.getMessage());
        }

        @Override
        public void onAdd(T object) {
            eventReceived(Action.ADDED, object);
        }

        @Override
        public void onUpdate(T before, T after) {
            eventReceived(Action.MODIFIED, after);
        }

        @Override
        public void onDelete(T object, boolean unknown) {
            eventReceived(Action.DELETED, object);
        }

        String next() throws InterruptedException {
            return Objects.toString(events.poll(SECONDS, TimeUnit.SECONDS), "nothing came");
        }
    }

    private static ConfigMap map(String name, Map<String, String> data) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("default")
                .addToLabels("of", "fabric8")
                .endMetadata()
                .withData(data)
                .build();
    }

    private static Deployment deployment(String name) {
        return new DeploymentBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("default")
                .endMetadata()
                .withNewSpec()
                .withReplicas(2)
                .withNewSelector()
                .addToMatchLabels("app", name)
                .endSelector()
                .withNewTemplate()
                .withNewMetadata()
                .addToLabels("app", name)
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("c")
                .withImage("nginx")
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
    }

    @Test
    void configMapsAreCreatedWatchedUpdatedAndDeleted() throws Exception {
        var maps = client.configMaps().inNamespace("default");
        Notes<ConfigMap> notes = new Notes<>();
        try (Watch watch = maps.withName("round").watch(notes)) {
            assertThat(watch).isNotNull();
            ConfigMap made = maps.resource(map("round", Map.of("a", "1"))).create();
            assertThat(made.getMetadata().getUid()).isNotEmpty();
            assertThat(notes.next()).isEqualTo("ADDED round");
            ConfigMap edited = maps.withName("round")
                    .edit(m -> new ConfigMapBuilder(m).addToData("b", "2").build());
            assertThat(edited.getData()).containsEntry("b", "2");
            assertThat(notes.next()).isEqualTo("MODIFIED round");
            made.setData(Map.of("c", "3"));
            ConfigMap replaced = maps.resource(map("round", Map.of("c", "3"))).update();
            assertThat(replaced.getData()).containsOnlyKeys("c");
            assertThat(notes.next()).isEqualTo("MODIFIED round");
            ConfigMap merged = maps.withName("round")
                    .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"data\":{\"c\":null,\"d\":\"4\"}}");
            assertThat(merged.getData()).containsOnlyKeys("d");
            assertThat(notes.next()).isEqualTo("MODIFIED round");
            assertThat(maps.withName("round").delete()).hasSize(1);
            assertThat(notes.next()).isEqualTo("DELETED round");
        }
        assertThat(maps.withName("round").get()).isNull();
    }

    @Test
    void deploymentsMakePods() throws Exception {
        var deployments = client.apps().deployments().inNamespace("default");
        deployments.resource(deployment("web")).create();
        client.pods()
                .inNamespace("default")
                .withLabel("app", "web")
                .waitUntilCondition(pod -> pod != null, SECONDS, TimeUnit.SECONDS);
        Deployment scaled = deployments.withName("web").scale(1);
        assertThat(scaled.getSpec().getReplicas()).isEqualTo(1);
        Deployment patched = deployments
                .withName("web")
                .patch(
                        PatchContext.of(PatchType.STRATEGIC_MERGE),
                        "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"nginx:2\"}]}}}}");
        assertThat(patched.getSpec()
                        .getTemplate()
                        .getSpec()
                        .getContainers()
                        .getFirst()
                        .getImage())
                .isEqualTo("nginx:2");
        deployments.withName("web").withTimeout(SECONDS, TimeUnit.SECONDS).delete();
        assertThat(deployments.withName("web").get()).isNull();
    }

    @Test
    void podsAreCreatedUpdatedAndDeleted() throws Exception {
        var pods = client.pods().inNamespace("default");
        Pod made = pods.resource(new PodBuilder()
                        .withNewMetadata()
                        .withName("alone")
                        .endMetadata()
                        .withNewSpec()
                        .addNewContainer()
                        .withName("c")
                        .withImage("nginx")
                        .endContainer()
                        .endSpec()
                        .build())
                .create();
        assertThat(made.getSpec().getServiceAccountName()).isEqualTo("default");
        assertThat(made.getStatus().getPhase()).isEqualTo("Pending");
        Pod labelled = pods.withName("alone")
                .edit(p -> new PodBuilder(p)
                        .editMetadata()
                        .addToLabels("a", "b")
                        .endMetadata()
                        .build());
        assertThat(labelled.getMetadata().getLabels()).containsEntry("a", "b");
        made.getMetadata().setResourceVersion(null);
        made.getStatus().setPhase("Running");
        assertThat(pods.resource(made).updateStatus().getStatus().getPhase()).isEqualTo("Running");
        pods.withName("alone").withGracePeriod(0).delete();
        pods.withName("alone").waitUntilCondition(p -> p == null, SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void aNamespaceGoesWithAllThatIsInIt() {
        client.namespaces()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName("passing")
                        .endMetadata()
                        .build())
                .create();
        client.configMaps()
                .inNamespace("passing")
                .resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName("inside")
                        .endMetadata()
                        .build())
                .create();
        client.namespaces().withName("passing").delete();
        client.namespaces().withName("passing").waitUntilCondition(n -> n == null, SECONDS, TimeUnit.SECONDS);
        assertThat(client.configMaps().inNamespace("passing").list().getItems()).isEmpty();
    }

    @Test
    void informersFollow() throws Exception {
        var maps = client.configMaps().inNamespace("default").withLabel("of", "fabric8");
        client.configMaps()
                .inNamespace("default")
                .resource(map("informed", Map.of()))
                .create();
        Notes<ConfigMap> notes = new Notes<>();
        try (SharedIndexInformer<ConfigMap> informer = client.configMaps()
                .inNamespace("default")
                .withField("metadata.name", "informed")
                .inform(notes)) {
            assertThat(notes.next()).isEqualTo("ADDED informed");
            client.configMaps()
                    .inNamespace("default")
                    .resource(map("informed", Map.of("a", "b")))
                    .update();
            assertThat(notes.next()).isEqualTo("MODIFIED informed");
            assertThat(informer.getStore().getByKey("default/informed").getData())
                    .containsEntry("a", "b");
            client.configMaps().inNamespace("default").withName("informed").delete();
            assertThat(notes.next()).isEqualTo("DELETED informed");
        }
        assertThat(maps.list().getItems())
                .noneMatch(m -> m.getMetadata().getName().equals("informed"));
    }

    @Test
    void theServerApplies() {
        var maps = client.configMaps().inNamespace("default");
        ConfigMap made = maps.resource(map("applied", Map.of("a", "1")))
                .fieldManager("one")
                .serverSideApply();
        assertThat(made.getMetadata().getManagedFields().getFirst().getOperation())
                .isEqualTo("Apply");
        KubernetesClientException conflict = catchThrowableOfType(
                KubernetesClientException.class,
                () -> maps.resource(map("applied", Map.of("a", "2")))
                        .fieldManager("two")
                        .serverSideApply());
        assertThat(conflict.getCode()).isEqualTo(409);
        assertThat(conflict.getStatus().getDetails().getCauses().getFirst().getField())
                .isEqualTo(".data.a");
        ConfigMap forced = maps.resource(map("applied", Map.of("a", "2")))
                .fieldManager("two")
                .forceConflicts()
                .serverSideApply();
        assertThat(forced.getData()).containsEntry("a", "2");
    }

    @Test
    void listsComeInPages() {
        client.namespaces()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName("pages")
                        .endMetadata()
                        .build())
                .create();
        var secrets = client.configMaps().inNamespace("pages");
        for (int i = 0; i < 5; i++) {
            ConfigMap one = map("p" + i, Map.of());
            one.getMetadata().setNamespace("pages");
            secrets.resource(one).create();
        }
        int seen = 0;
        String next = null;
        do {
            ConfigMapList page = secrets.withLabel("of", "fabric8")
                    .list(new ListOptionsBuilder()
                            .withLimit(2L)
                            .withContinue(next)
                            .build());
            seen += page.getItems().size();
            next = page.getMetadata().getContinue();
        } while (next != null && !next.isEmpty());
        assertThat(seen).isEqualTo(5);
    }

    @Test
    void failuresArriveWhole() {
        var maps = client.configMaps().inNamespace("default");
        maps.resource(map("twice", Map.of())).create();
        KubernetesClientException taken = catchThrowableOfType(
                KubernetesClientException.class,
                () -> maps.resource(map("twice", Map.of())).create());
        assertThat(taken.getCode()).isEqualTo(409);
        assertThat(taken.getStatus().getReason()).isEqualTo("AlreadyExists");
        assertThat(taken.getStatus().getMessage()).isEqualTo("configmaps \"twice\" already exists");
        KubernetesClientException invalid = catchThrowableOfType(
                KubernetesClientException.class,
                () -> maps.resource(map("Big", Map.of())).create());
        assertThat(invalid.getCode()).isEqualTo(422);
        assertThat(invalid.getStatus().getDetails().getCauses().getFirst().getField())
                .isEqualTo("metadata.name");
        ConfigMap old = maps.withName("twice").get();
        maps.withName("twice")
                .edit(m -> new ConfigMapBuilder(m).addToData("a", "b").build());
        old.setData(Map.of("c", "d"));
        KubernetesClientException stale = catchThrowableOfType(
                KubernetesClientException.class, () -> maps.resource(old).update());
        assertThat(stale.getCode()).isEqualTo(409);
        assertThat(stale.getStatus().getReason()).isEqualTo("Conflict");
        assertThat(client.getKubernetesVersion().getMinor()).isEqualTo("35");
    }
}
