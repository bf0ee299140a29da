package io.jollyboat.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.gson.reflect.TypeToken;
import io.kubernetes.client.common.KubernetesObject;
import io.kubernetes.client.custom.V1Patch;
import io.kubernetes.client.informer.ResourceEventHandler;
import io.kubernetes.client.informer.SharedIndexInformer;
import io.kubernetes.client.informer.SharedInformerFactory;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.apis.AppsV1Api;
import io.kubernetes.client.openapi.apis.CoreV1Api;
import io.kubernetes.client.openapi.apis.VersionApi;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1ConfigMapList;
import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1DeploymentSpec;
import io.kubernetes.client.openapi.models.V1LabelSelector;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodSpec;
import io.kubernetes.client.openapi.models.V1PodTemplateSpec;
import io.kubernetes.client.openapi.models.V1Scale;
import io.kubernetes.client.util.Config;
import io.kubernetes.client.util.PatchUtils;
import io.kubernetes.client.util.Watch;
import java.io.IOException;
import java.io.StringReader;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The official Java client against the server. */
@Timeout(120)
class OfficialClientTest {
    private static final int SECONDS = 30;

    private static ApiServer server;
    private static ApiClient client;
    private static CoreV1Api core;
    private static AppsV1Api apps;

    @BeforeAll
    static void start() throws IOException {
        server = new ApiServer();
        client = Config.fromConfig(new StringReader(server.kubeconfig()));
        client.setReadTimeout((int) Duration.ofSeconds(SECONDS).toMillis());
        core = new CoreV1Api(client);
        apps = new AppsV1Api(client);
    }

    @AfterAll
    static void stop() throws Exception {
        client.getHttpClient().dispatcher().executorService().shutdown();
        client.getHttpClient().connectionPool().evictAll();
        server.close();
    }

    private static V1ConfigMap map(String name, Map<String, String> data) {
        return new V1ConfigMap().metadata(new V1ObjectMeta().name(name)).data(data);
    }

    private static V1PodSpec podSpec() {
        return new V1PodSpec().addContainersItem(new V1Container().name("c").image("nginx"));
    }

    private static String next(Watch<V1ConfigMap> watch) {
        Watch.Response<V1ConfigMap> event = watch.next();
        return event.type + " " + event.object.getMetadata().getName();
    }

    /** Waits until an object is gone. */
    private static void gone(Attempt attempt) throws Exception {
        for (int i = 0; i < SECONDS * 20; i++) {
            try {
                attempt.run();
            } catch (ApiException e) {
                assertThat(e.getCode()).isEqualTo(404);
                return;
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        throw new AssertionError("it is still there");
    }

    private interface Attempt {
        void run() throws ApiException;
    }

    private static ApiException refused(Attempt attempt) {
        return catchThrowableOfType(ApiException.class, attempt::run);
    }

    @Test
    void configMapsAreCreatedWatchedUpdatedAndDeleted() throws Exception {
        var call = core.listNamespacedConfigMap("default")
                .fieldSelector("metadata.name=round")
                .watch(true)
                .buildCall(null);
        try (Watch<V1ConfigMap> watch =
                Watch.createWatch(client, call, new TypeToken<Watch.Response<V1ConfigMap>>() {}.getType())) {
            V1ConfigMap made = core.createNamespacedConfigMap("default", map("round", Map.of("a", "1")))
                    .execute();
            assertThat(next(watch)).isEqualTo("ADDED round");
            made.setData(Map.of("b", "2"));
            V1ConfigMap replaced =
                    core.replaceNamespacedConfigMap("round", "default", made).execute();
            assertThat(replaced.getData()).containsOnlyKeys("b");
            assertThat(next(watch)).isEqualTo("MODIFIED round");
            assertThat(refused(() -> core.replaceNamespacedConfigMap("round", "default", made)
                                    .execute())
                            .getCode())
                    .isEqualTo(409);
            core.deleteNamespacedConfigMap("round", "default").execute();
            assertThat(next(watch)).isEqualTo("DELETED round");
        }
        assertThat(refused(() ->
                                core.readNamespacedConfigMap("round", "default").execute())
                        .getCode())
                .isEqualTo(404);
    }

    @Test
    void deploymentsAreCreatedScaledAndDeleted() throws Exception {
        V1Deployment made = apps.createNamespacedDeployment(
                        "default",
                        new V1Deployment()
                                .metadata(new V1ObjectMeta().name("official"))
                                .spec(new V1DeploymentSpec()
                                        .replicas(1)
                                        .selector(new V1LabelSelector().putMatchLabelsItem("app", "official"))
                                        .template(new V1PodTemplateSpec()
                                                .metadata(new V1ObjectMeta().putLabelsItem("app", "official"))
                                                .spec(podSpec()))))
                .execute();
        assertThat(made.getSpec().getStrategy().getType()).isEqualTo("RollingUpdate");
        V1Scale scale =
                apps.readNamespacedDeploymentScale("official", "default").execute();
        scale.getSpec().setReplicas(2);
        scale.getMetadata().setResourceVersion(null);
        assertThat(apps.replaceNamespacedDeploymentScale("official", "default", scale)
                        .execute()
                        .getSpec()
                        .getReplicas())
                .isEqualTo(2);
        V1Deployment patched = PatchUtils.patch(
                V1Deployment.class,
                () -> apps.patchNamespacedDeployment(
                                "official", "default", new V1Patch("{\"metadata\":{\"labels\":{\"x\":\"y\"}}}"))
                        .buildCall(null),
                V1Patch.PATCH_FORMAT_STRATEGIC_MERGE_PATCH,
                client);
        assertThat(patched.getMetadata().getLabels()).containsEntry("x", "y");
        apps.deleteNamespacedDeployment("official", "default").execute();
        gone(() -> apps.readNamespacedDeployment("official", "default").execute());
    }

    @Test
    void podsAreCreatedUpdatedAndDeleted() throws Exception {
        V1Pod made = core.createNamespacedPod(
                        "default",
                        new V1Pod()
                                .metadata(new V1ObjectMeta().name("official"))
                                .spec(podSpec()))
                .execute();
        assertThat(made.getStatus().getQosClass()).isEqualTo("BestEffort");
        made.getStatus().setPhase("Running");
        made.getMetadata().setResourceVersion(null);
        V1Pod changed =
                core.replaceNamespacedPodStatus("official", "default", made).execute();
        assertThat(changed.getStatus().getPhase()).isEqualTo("Running");
        core.deleteNamespacedPod("official", "default").gracePeriodSeconds(0).execute();
        gone(() -> core.readNamespacedPod("official", "default").execute());
    }

    @Test
    void aNamespaceGoes() throws Exception {
        core.createNamespace(new V1Namespace().metadata(new V1ObjectMeta().name("brief")))
                .execute();
        core.createNamespacedConfigMap("brief", map("inside", Map.of())).execute();
        core.deleteNamespace("brief").execute();
        gone(() -> core.readNamespace("brief").execute());
    }

    /** Notes each event as {@code TYPE name}. */
    private static final class Notes<T extends KubernetesObject> implements ResourceEventHandler<T> {
        private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

        @Override
        public void onAdd(T object) {
            events.add("ADDED " + object.getMetadata().getName());
        }

        @Override
        public void onUpdate(T before, T after) {
            events.add("MODIFIED " + after.getMetadata().getName());
        }

        @Override
        public void onDelete(T object, boolean unknown) {
            events.add("DELETED " + object.getMetadata().getName());
        }

        String next() throws InterruptedException {
            return Objects.toString(events.poll(SECONDS, TimeUnit.SECONDS), "nothing came");
        }
    }

    @Test
    void informersFollow() throws Exception {
        ApiClient lasting = Config.fromConfig(new StringReader(server.kubeconfig()));
        lasting.setReadTimeout(0);
        CoreV1Api api = new CoreV1Api(lasting);
        SharedInformerFactory factory = new SharedInformerFactory(lasting);
        SharedIndexInformer<V1ConfigMap> informer = factory.sharedIndexInformerFor(
                parameters -> api.listNamespacedConfigMap("default")
                        .fieldSelector("metadata.name=informed")
                        .resourceVersion(parameters.resourceVersion)
                        .timeoutSeconds(parameters.timeoutSeconds)
                        .watch(parameters.watch)
                        .buildCall(null),
                V1ConfigMap.class,
                V1ConfigMapList.class);
        Notes<V1ConfigMap> notes = new Notes<>();
        informer.addEventHandler(notes);
        factory.startAllRegisteredInformers();
        try {
            V1ConfigMap made = core.createNamespacedConfigMap("default", map("informed", Map.of()))
                    .execute();
            assertThat(notes.next()).isEqualTo("ADDED informed");
            made.setData(Map.of("a", "b"));
            core.replaceNamespacedConfigMap("informed", "default", made).execute();
            assertThat(notes.next()).isEqualTo("MODIFIED informed");
            core.deleteNamespacedConfigMap("informed", "default").execute();
            assertThat(notes.next()).isEqualTo("DELETED informed");
        } finally {
            factory.stopAllRegisteredInformers();
        }
    }

    private static V1ConfigMap apply(String manager, String value, boolean force) throws ApiException {
        String intent = "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"applied\"},"
                + "\"data\":{\"a\":\"" + value + "\"}}";
        return PatchUtils.patch(
                V1ConfigMap.class,
                () -> core.patchNamespacedConfigMap("applied", "default", new V1Patch(intent))
                        .fieldManager(manager)
                        .force(force)
                        .buildCall(null),
                V1Patch.PATCH_FORMAT_APPLY_YAML,
                client);
    }

    @Test
    void theServerApplies() throws Exception {
        V1ConfigMap made = apply("one", "1", false);
        assertThat(made.getData()).containsEntry("a", "1"); // this client leaves managedFields out
        ApiException conflict = refused(() -> apply("two", "2", false));
        assertThat(conflict.getCode()).isEqualTo(409);
        assertThat(conflict.getResponseBody()).contains("FieldManagerConflict", ".data.a");
        assertThat(apply("two", "2", true).getData()).containsEntry("a", "2");
    }

    @Test
    void listsComeInPages() throws Exception {
        core.createNamespace(new V1Namespace().metadata(new V1ObjectMeta().name("sheets")))
                .execute();
        for (int i = 0; i < 5; i++) {
            V1ConfigMap one = map("p" + i, Map.of());
            one.getMetadata().putLabelsItem("of", "official");
            core.createNamespacedConfigMap("sheets", one).execute();
        }
        Set<String> seen = new HashSet<>();
        String next = null;
        do {
            V1ConfigMapList page = core.listNamespacedConfigMap("sheets")
                    .labelSelector("of=official")
                    .limit(2)
                    ._continue(next)
                    .execute();
            page.getItems().forEach(item -> seen.add(item.getMetadata().getName()));
            next = page.getMetadata().getContinue();
        } while (next != null);
        assertThat(seen).hasSize(5);
    }

    @Test
    void failuresArriveWhole() throws Exception {
        core.createNamespacedConfigMap("default", map("twice", Map.of())).execute();
        ApiException taken = refused(() -> core.createNamespacedConfigMap("default", map("twice", Map.of()))
                .execute());
        assertThat(taken.getCode()).isEqualTo(409);
        assertThat(taken.getResponseBody()).contains("configmaps \\\"twice\\\" already exists");
        ApiException invalid = refused(() ->
                core.createNamespacedConfigMap("default", map("Big", Map.of())).execute());
        assertThat(invalid.getCode()).isEqualTo(422);
        assertThat(new VersionApi(client).getCode().execute().getMinor()).isEqualTo("35");
    }
}
