package io.jollyboat.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import io.jollyboat.testing.Samples;
import io.kubernetes.client.common.KubernetesListObject;
import io.kubernetes.client.common.KubernetesObject;
import io.kubernetes.client.common.KubernetesType;
import io.kubernetes.client.custom.V1Patch;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.JSON;
import io.kubernetes.client.openapi.apis.CoreV1Api;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.util.Config;
import io.kubernetes.client.util.Watch;
import io.kubernetes.client.util.Watchable;
import io.kubernetes.client.util.Yaml;
import io.kubernetes.client.util.generic.GenericKubernetesApi;
import io.kubernetes.client.util.generic.KubernetesApiResponse;
import io.kubernetes.client.util.generic.dynamic.DynamicKubernetesApi;
import io.kubernetes.client.util.generic.dynamic.DynamicKubernetesObject;
import io.kubernetes.client.util.generic.options.DeleteOptions;
import io.kubernetes.client.util.generic.options.ListOptions;
import java.io.StringReader;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A sample of every kind goes through the official client and back, dynamic and typed, and nothing of it is lost. */
@Timeout(120)
class OfficialRoundTripsTest {
    private static final int SECONDS = 60;

    private static ApiServer server;
    private static ApiClient client;

    @BeforeAll
    static void start() throws Exception {
        server = new ApiServer();
        client = Config.fromConfig(new StringReader(server.kubeconfig()));
        client.setReadTimeout((int) Duration.ofSeconds(SECONDS).toMillis());
        CoreV1Api core = new CoreV1Api(client);
        core.createNamespace(new V1Namespace().metadata(new V1ObjectMeta().name(Samples.NAMESPACE)))
                .execute();
        DynamicKubernetesApi accounts = new DynamicKubernetesApi("", "v1", "serviceaccounts", client);
        for (int i = 0; i < SECONDS * 20; i++) {
            if (accounts.get(Samples.NAMESPACE, "default").isSuccess()) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        throw new AssertionError("the namespace got no account");
    }

    @AfterAll
    static void stop() throws Exception {
        client.getHttpClient().dispatcher().executorService().shutdown();
        client.getHttpClient().connectionPool().evictAll();
        server.close();
    }

    static Stream<EveryKind> stored() {
        return EveryKind.stored();
    }

    private static DeleteOptions atOnce() {
        DeleteOptions options = new DeleteOptions();
        options.setGracePeriodSeconds(0L);
        return options;
    }

    private static ListOptions named(EveryKind kind) {
        ListOptions options = new ListOptions();
        options.setFieldSelector("metadata.name=" + kind.name());
        return options;
    }

    private static <T extends KubernetesType> T done(KubernetesApiResponse<T> response) throws ApiException {
        return response.throwsApiException().getObject();
    }

    private static JsonNode tree(DynamicKubernetesObject object) {
        return JsonMapper.shared().readTree(object.getRaw().toString());
    }

    @ParameterizedTest
    @MethodSource("stored")
    void dynamicObjectsComeBackWhole(EveryKind kind) throws Exception {
        var resource = kind.resource();
        var api = new DynamicKubernetesApi(resource.group(), resource.version(), resource.plural(), client);
        var sample = new DynamicKubernetesObject(
                JsonParser.parseString(kind.object().toString()).getAsJsonObject());
        String version = resource.namespaced()
                ? done(api.list(kind.namespace())).getMetadata().getResourceVersion()
                : done(api.list()).getMetadata().getResourceVersion();
        ListOptions from = named(kind);
        from.setResourceVersion(version);
        try (Watchable<DynamicKubernetesObject> watch =
                resource.namespaced() ? api.watch(kind.namespace(), from) : api.watch(from)) {
            assertThat(Lost.between(kind.object(), tree(done(api.create(sample)))))
                    .isEmpty();
            assertThat(watch.next().type).isEqualTo("ADDED");
            assertThat(Lost.between(kind.object(), tree(get(api, kind)))).isEmpty();
            var list = done(resource.namespaced() ? api.list(kind.namespace(), named(kind)) : api.list(named(kind)));
            assertThat(list.getItems()).hasSize(1);
            V1Patch patch = new V1Patch(kind.change().toString());
            String type = V1Patch.PATCH_FORMAT_JSON_MERGE_PATCH;
            var changed = done(
                    resource.namespaced()
                            ? api.patch(kind.namespace(), kind.name(), type, patch)
                            : api.patch(kind.name(), type, patch));
            assertThat(Lost.between(kind.change(), tree(changed))).isEmpty();
            assertThat(watch.next().type).isEqualTo("MODIFIED");
            delete(api, kind);
            assertThat(untilDeleted(watch)).isEqualTo("DELETED");
        }
    }

    private static DynamicKubernetesObject get(DynamicKubernetesApi api, EveryKind kind) throws ApiException {
        return done(kind.resource().namespaced() ? api.get(kind.namespace(), kind.name()) : api.get(kind.name()));
    }

    private static void delete(GenericKubernetesApi<?, ?> api, EveryKind kind) throws ApiException {
        var answer = kind.resource().namespaced()
                ? api.delete(kind.namespace(), kind.name(), atOnce())
                : api.delete(kind.name(), atOnce());
        answer.throwsApiException();
    }

    /** The next event that is no change: controllers may change what they like. */
    private static String untilDeleted(Watchable<DynamicKubernetesObject> watch) {
        Watch.Response<DynamicKubernetesObject> event = watch.next();
        while (event.type.equals("MODIFIED")) {
            event = watch.next();
        }
        return event.type;
    }

    @ParameterizedTest
    @MethodSource("stored")
    void typedObjectsComeBackWhole(EveryKind kind) throws Exception {
        KubernetesObject sample = (KubernetesObject) Yaml.load(kind.object().toString());
        assertThat(Lost.between(kind.object(), tree(sample)))
                .as("by the client's own model")
                .isEmpty();
        typed(kind, sample, sample.getClass());
    }

    private static <T extends KubernetesObject> void typed(EveryKind kind, KubernetesObject sample, Class<T> model)
            throws Exception {
        // two groups have a ResourceClaim: the client says in its name which one it is, but not in that of its list
        String name = model.getName().replace("ResourceV1ResourceClaim", "V1ResourceClaim");
        Class<? extends KubernetesListObject> list =
                Class.forName(name + "List").asSubclass(KubernetesListObject.class);
        var resource = kind.resource();
        var api = new GenericKubernetesApi<>(
                model, list, resource.group(), resource.version(), resource.plural(), client);
        assertThat(Lost.between(kind.object(), tree(done(api.create(model.cast(sample))))))
                .isEmpty();
        T back = done(resource.namespaced() ? api.get(kind.namespace(), kind.name()) : api.get(kind.name()));
        assertThat(Lost.between(kind.object(), tree(back))).isEmpty();
        delete(api, kind);
        for (int i = 0; i < SECONDS * 20; i++) {
            var left = resource.namespaced() ? api.get(kind.namespace(), kind.name()) : api.get(kind.name());
            if (left.getHttpStatusCode() == 404) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        throw new AssertionError(kind + " is still there");
    }

    private static JsonNode tree(KubernetesObject object) {
        return JsonMapper.shared().readTree(JSON.serialize(object));
    }
}
