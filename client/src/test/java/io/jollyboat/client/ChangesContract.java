package io.jollyboat.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.ListOptions;
import io.jollyboat.api.Patch;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.Target;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.api.WriteOptions.FieldValidation;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** What every {@link io.jollyboat.api.Api} does with patches, server-side apply and subresources. */
abstract class ChangesContract extends ApiContract {
    private static final Target WEB = Target.of(DEPLOYMENT, "default", "web");
    private static final String CONTAINER = "/spec/template/spec/containers/0";

    @Test
    void aMergePatchSetsAndRemoves() {
        make("a", "x");
        ObjectNode changed = patch(map("a"), new Patch.Merge(json("{data:{a:null,b:'2'},metadata:{labels:{m:'n'}}}")));
        assertThat(changed.path("data").toString()).isEqualTo("{\"b\":\"2\"}");
        assertThat(changed.at("/metadata/labels").toString()).isEqualTo("{\"l\":\"x\",\"m\":\"n\"}");
        assertThat(api.get(map("a"))).isEqualTo(changed);
    }

    @Test
    void aJsonPatchRunsItsOperations() {
        make("a", "x");
        ObjectNode changed = patch(map("a"), new Patch.Json(json("""
                {x:[{op:'test',path:'/data/a',value:'1'},{op:'add',path:'/data/b',value:'2'},{op:'remove',path:'/data/a'}]}
                """).path("x")));
        assertThat(changed.path("data").toString()).isEqualTo("{\"b\":\"2\"}");
        StatusException wrong = refused(() -> patch(
                map("a"),
                new Patch.Json(json("{x:[{op:'remove',path:'/data/none'}]}").path("x"))));
        assertThat(wrong.failure().reason()).isEqualTo(Reason.INVALID);
        StatusException failed = refused(() -> patch(
                map("a"),
                new Patch.Json(
                        json("{x:[{op:'test',path:'/data/b',value:'3'}]}").path("x"))));
        assertThat(failed.failure().reason()).isEqualTo(Reason.INVALID);
    }

    @Test
    void aStrategicPatchMergesListsByKey() {
        deployment("web");
        ObjectNode changed = patch(WEB, new Patch.Strategic(json("""
                {spec:{template:{spec:{containers:[{name:'c',env:[{name:'B',$patch:'delete'},{name:'C',value:'3'}]}]}}}}
                """)));
        assertThat(changed.at(CONTAINER + "/image").asString()).isEqualTo("i");
        assertThat(changed.at(CONTAINER + "/env").toString())
                .contains("\"A\"", "\"C\"")
                .doesNotContain("\"B\"");
        assertThat(changed.at("/metadata/generation").asLong()).isEqualTo(2);
    }

    @Test
    void aPatchMayNameTheVersionItIsFor() {
        make("a", "x");
        StatusException stale =
                refused(() -> patch(map("a"), new Patch.Merge(json("{metadata:{resourceVersion:'1'},data:{a:'2'}}"))));
        assertThat(stale.failure().reason()).isEqualTo(Reason.CONFLICT);
        assertRefused(
                () -> patch(map("none"), new Patch.Merge(json("{}"))), "404 NotFound configmaps \"none\" not found");
    }

    private ObjectNode apply(String manager, boolean force, String intent) {
        WriteOptions options = new WriteOptions(manager, FieldValidation.STRICT, false, force, warnings::add);
        return api.patch(
                map("a"),
                new Patch.Apply(json("{apiVersion:'v1',kind:'ConfigMap',metadata:{name:'a'}," + intent + "}")),
                options);
    }

    @Test
    void applyCreatesOwnsAndTakesBack() {
        ObjectNode made = apply("one", false, "data:{a:'1',b:'2'}");
        assertThat(made.path("data").toString()).isEqualTo("{\"a\":\"1\",\"b\":\"2\"}");
        assertThat(made.at("/metadata/managedFields/0/operation").asString()).isEqualTo("Apply");
        ObjectNode less = apply("one", false, "data:{a:'1'}");
        assertThat(less.path("data").toString()).isEqualTo("{\"a\":\"1\"}");
        assertThat(apply("one", false, "data:{a:'1'}")).as("nothing new").isEqualTo(less);
    }

    @Test
    void applyConflictsUnlessItIsForced() {
        apply("one", false, "data:{a:'1'}");
        StatusException conflict = refused(() -> apply("two", false, "data:{a:'2'}"));
        assertThat(conflict.failure().reason()).isEqualTo(Reason.CONFLICT);
        assertThat(conflict.failure().message())
                .isEqualTo("Apply failed with 1 conflict: conflict with \"one\": .data.a");
        assertThat(conflict.failure().causes()).singleElement().satisfies(cause -> {
            assertThat(cause.reason()).isEqualTo("FieldManagerConflict");
            assertThat(cause.field()).isEqualTo(".data.a");
        });
        assertThat(apply("two", true, "data:{a:'2'}").at("/data/a").asString()).isEqualTo("2");
    }

    @Test
    void statusAndSpecAreWrittenApart() {
        ObjectNode made = deployment("web");
        ObjectNode changed = made.deepCopy();
        changed.withObject("/spec").put("replicas", 3);
        changed.withObject("/status").put("replicas", 2).put("observedGeneration", 1);
        ObjectNode answered = api.update(WEB.withSubresource("status"), changed, options());
        assertThat(answered.at("/status/replicas").asInt()).isEqualTo(2);
        assertThat(answered.at("/spec/replicas").asInt()).isEqualTo(1);
        ObjectNode patched = patch(WEB.withSubresource("status"), new Patch.Merge(json("{status:{replicas:5}}")));
        assertThat(patched.at("/status/replicas").asInt()).isEqualTo(5);
        assertThat(api.get(WEB.withSubresource("status"))).isEqualTo(patched);
        patch(WEB, new Patch.Merge(json("{status:{replicas:9}}")));
        assertThat(api.get(WEB).at("/status/replicas").asInt()).isEqualTo(5);
    }

    @Test
    void scaleIsAViewOfItsOwn() {
        deployment("web");
        Target scale = WEB.withSubresource("scale");
        ObjectNode read = api.get(scale);
        assertThat(read.path("kind").asString()).isEqualTo("Scale");
        assertThat(read.at("/status/selector").asString()).isEqualTo("a=b");
        ObjectNode changed = read.deepCopy();
        changed.withObject("/spec").put("replicas", 4);
        assertThat(api.update(scale, changed, options()).at("/spec/replicas").asInt())
                .isEqualTo(4);
        assertThat(patch(scale, new Patch.Merge(json("{spec:{replicas:2}}")))
                        .at("/spec/replicas")
                        .asInt())
                .isEqualTo(2);
        assertThat(api.get(WEB).at("/spec/replicas").asInt()).isEqualTo(2);
    }

    @Test
    void aPodIsBoundAndEvicted() {
        api.create(Resources.kind("v1", "ServiceAccount"), "default", json("{metadata:{name:'default'}}"), options());
        api.create(POD, "default", json("{metadata:{name:'p'},spec:{containers:[{name:'c',image:'i'}]}}"), options());
        Target pod = Target.of(POD, "default", "p");
        ObjectNode binding = json("{metadata:{name:'p'},target:{kind:'Node',name:'n1'}}");
        ObjectNode bound = api.create(pod.withSubresource("binding"), binding, options());
        assertThat(bound.path("status").asString()).isEqualTo("Success");
        assertThat(api.get(pod).at("/spec/nodeName").asString()).isEqualTo("n1");
        assertThat(refused(() -> api.create(pod.withSubresource("binding"), binding, options()))
                        .failure()
                        .reason())
                .isEqualTo(Reason.CONFLICT);
        ObjectNode evicted = api.create(
                pod.withSubresource("eviction"),
                json("{apiVersion:'policy/v1',kind:'Eviction',metadata:{name:'p'}}"),
                options());
        assertThat(evicted.path("status").asString()).isEqualTo("Success");
        assertThat(api.get(pod).at("/metadata/deletionTimestamp").asString()).isNotEmpty();
    }

    @Test
    void aNamespaceIsFinishedByItsSubresource() {
        api.create(NAMESPACE, "", json("{metadata:{name:'n'}}"), options());
        Target namespace = Target.of(NAMESPACE, "", "n");
        api.delete(namespace, io.jollyboat.api.DeleteOptions.DEFAULT);
        ObjectNode ending = api.get(namespace);
        assertThat(ending.at("/status/phase").asString()).isEqualTo("Terminating");
        assertThat(refused(() -> api.create(MAP, "n", json("{metadata:{name:'a'}}"), options()))
                        .failure()
                        .reason())
                .isEqualTo(Reason.FORBIDDEN);
        ObjectNode finished = ending.deepCopy();
        finished.withObject("/spec").putArray("finalizers");
        api.update(namespace.withSubresource("finalize"), finished, options());
        assertRefused(() -> api.get(namespace), "404 NotFound namespaces \"n\" not found");
    }

    @Test
    void verbsThatAreNotOfferedAreRefused() {
        make("a", "x");
        String told = "405 MethodNotAllowed the server does not allow this method on the requested resource";
        assertRefused(
                () -> api.list(Resources.kind("authorization.k8s.io/v1", "SubjectAccessReview"), "", ListOptions.ALL),
                told);
        Optional<StatusException> odd = Optional.of(refused(() -> api.get(map("a").withSubresource("status"))));
        assertThat(odd.get().failure().reason().code()).isIn(404, 405);
    }
}
