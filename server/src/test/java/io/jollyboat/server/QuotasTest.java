package io.jollyboat.server;

import static io.jollyboat.server.Fixture.POD;
import static io.jollyboat.server.Fixture.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.Patch;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.Target;
import io.jollyboat.api.WriteOptions;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class QuotasTest {
    private static final Resource QUOTA = Resources.kind("v1", "ResourceQuota");
    private static final Resource CONFIG_MAP = Resources.kind("v1", "ConfigMap");
    private static final Resource SERVICE = Resources.kind("v1", "Service");
    private static final Resource CLAIM = Resources.kind("v1", "PersistentVolumeClaim");
    private final Fixture cluster = new Fixture();

    private static String pod(String name, String requests, String more) {
        return "{metadata:{name:'%s'},spec:{containers:[{name:'c',image:'i',resources:{requests:{%s}}}]%s}}"
                .formatted(name, requests, more);
    }

    @Test
    void podsMayNotTakeMoreThanThereIs() {
        cluster.create(QUOTA, "{metadata:{name:'q'},spec:{hard:{pods:'2',cpu:'1','requests.memory':'1Gi'}}}");
        cluster.pod(pod("a", "cpu:'600m',memory:'512Mi'", ""));
        assertThat(refused(() -> cluster.pod(pod("b", "cpu:'500m',memory:'768Mi'", "")))
                        .message())
                .isEqualTo("pods \"b\" is forbidden: exceeded quota: q, requested: cpu=500m,requests.memory=768Mi,"
                        + " used: cpu=600m,requests.memory=512Mi, limited: cpu=1,requests.memory=1Gi");
        assertThat(refused(() -> cluster.pod(pod("b", "memory:'1Mi'", ""))).message())
                .isEqualTo("pods \"b\" is forbidden: failed quota: q: must specify cpu for: c");
        cluster.pod(pod("b", "cpu:'400m',memory:'512Mi'", ""));
        assertThat(refused(() -> cluster.pod(pod("d", "cpu:'0',memory:'0'", "")))
                        .message())
                .isEqualTo(
                        "pods \"d\" is forbidden: exceeded quota: q, requested: pods=1, used: pods=2, limited: pods=2");
        cluster.api.delete(Target.of(POD, "default", "a"), DeleteOptions.now());
        cluster.pod(pod("d", "cpu:'1m',memory:'1Mi'", ""));
    }

    @Test
    void scopesChooseThePods() {
        cluster.create(QUOTA, "{metadata:{name:'best'},spec:{hard:{pods:'0'},scopes:['BestEffort']}}");
        cluster.create(
                QUOTA,
                "{metadata:{name:'soon'},spec:{hard:{pods:'0'},scopeSelector:{matchExpressions:["
                        + "{scopeName:'Terminating',operator:'Exists'}]}}}");
        assertThat(refused(() -> cluster.pod(pod("a", "", ""))).message()).contains("exceeded quota: best");
        assertThat(refused(() -> cluster.pod(pod("a", "cpu:1", ",activeDeadlineSeconds:5")))
                        .message())
                .contains("exceeded quota: soon");
        cluster.pod(pod("a", "cpu:1", ""));
    }

    @Test
    void otherObjectsCountToo() {
        cluster.create(
                QUOTA,
                "{metadata:{name:'q'},spec:{hard:{configmaps:'1','count/deployments.apps':'0','services.nodeports':'1',"
                        + "'requests.storage':'1Gi'}}}");
        cluster.create(CONFIG_MAP, "{metadata:{name:'a'}}");
        assertThat(refused(() -> cluster.create(CONFIG_MAP, "{metadata:{name:'b'}}"))
                        .message())
                .isEqualTo("configmaps \"b\" is forbidden: exceeded quota: q, requested: configmaps=1,"
                        + " used: configmaps=1, limited: configmaps=1");
        assertThat(refused(() -> cluster.create(
                                Resources.kind("apps/v1", "Deployment"),
                                "{metadata:{name:'d'},spec:{selector:{matchLabels:{a:'b'}},template:{metadata:{labels:{a:'b'}},"
                                        + "spec:{containers:[{name:'c',image:'i'}]}}}}"))
                        .message())
                .contains("requested: count/deployments.apps=1, used: count/deployments.apps=0");
        cluster.create(SERVICE, "{metadata:{name:'s'},spec:{type:'NodePort',ports:[{port:1}]}}");
        cluster.create(SERVICE, "{metadata:{name:'t'},spec:{ports:[{port:1}]}}");
        var grown = refused(() -> cluster.api.patch(
                Target.of(SERVICE, "default", "t"),
                new Patch.Merge(Fixture.json("{spec:{type:'NodePort'}}")),
                WriteOptions.by("tester")));
        assertThat(grown.message()).contains("requested: services.nodeports=1, used: services.nodeports=1");
        String claim =
                "{metadata:{name:'c'},spec:{accessModes:['ReadWriteOnce'],resources:{requests:{storage:'2Gi'}}}}";
        assertThat(refused(() -> cluster.create(CLAIM, claim)).message())
                .contains("requested: requests.storage=2Gi, used: requests.storage=0, limited: requests.storage=1Gi");
    }

    /** However many come at once, no more get in than there is room for. */
    @Test
    void nobodyGetsInBetween() throws Exception {
        cluster.create(QUOTA, "{metadata:{name:'q'},spec:{hard:{configmaps:'5'}}}");
        List<Callable<Boolean>> writers = IntStream.range(0, 20)
                .<Callable<Boolean>>mapToObj(i -> () -> {
                    try {
                        cluster.create(CONFIG_MAP, "{metadata:{name:'m" + i + "'}}");
                        return true;
                    } catch (StatusException e) {
                        return false;
                    }
                })
                .toList();
        int stored = 0;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var done : threads.invokeAll(writers)) {
                stored += done.get() ? 1 : 0;
            }
        }
        assertThat(stored).isEqualTo(5);
    }
}
