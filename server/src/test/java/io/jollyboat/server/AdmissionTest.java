package io.jollyboat.server;

import static io.jollyboat.server.Fixture.POD;
import static io.jollyboat.server.Fixture.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

final class AdmissionTest {
    private static final String POD_TEXT = "{metadata:{name:'p'},spec:{containers:[{name:'c',image:'i'}]}}";
    private static final Resource ACCOUNT = Resources.kind("v1", "ServiceAccount");
    private static final Resource PRIORITY = Resources.kind("scheduling.k8s.io/v1", "PriorityClass");
    private final Fixture cluster = new Fixture();

    @Test
    void aPodNeedsItsAccount() {
        var failure = refused(() -> cluster.create(POD, POD_TEXT));
        assertThat(failure.message())
                .isEqualTo("pods \"p\" is forbidden: error looking up service account default/default: serviceaccount"
                        + " \"default\" not found");
    }

    @Test
    void aPodGetsTheFilesToSpeakToTheApi() {
        ObjectNode pod = cluster.pod(POD_TEXT);
        assertThat(pod.at("/spec/serviceAccountName").asString()).isEqualTo("default");
        assertThat(pod.at("/spec/serviceAccount").asString()).isEqualTo("default");
        String volume = pod.at("/spec/volumes/0/name").asString();
        assertThat(volume).matches("kube-api-access-[a-z0-9]{5}");
        assertThat(pod.at("/spec/containers/0/volumeMounts/0/name").asString()).isEqualTo(volume);
        assertThat(pod.at("/spec/containers/0/volumeMounts/0/mountPath").asString())
                .isEqualTo("/var/run/secrets/kubernetes.io/serviceaccount");
        assertThat(pod.at("/spec/volumes/0/projected/sources/0/serviceAccountToken/expirationSeconds")
                        .asInt())
                .isEqualTo(3607);
    }

    @Test
    void tokensAndPullSecretsAreAsTheAccountSays() {
        cluster.create(
                ACCOUNT,
                "{metadata:{name:'default'},automountServiceAccountToken:false,imagePullSecrets:[{name:'s'}]}");
        ObjectNode pod = cluster.pod(POD_TEXT);
        assertThat(pod.path("spec").has("volumes")).isFalse();
        assertThat(pod.at("/spec/imagePullSecrets/0/name").asString()).isEqualTo("s");
    }

    @Test
    void aPodToleratesShortFailures() {
        ObjectNode pod = cluster.pod("{metadata:{name:'p'},spec:{containers:[{name:'c',image:'i'}],tolerations:["
                + "{key:'node.kubernetes.io/not-ready',operator:'Exists',effect:'NoExecute',tolerationSeconds:5}]}}");
        assertThat(pod.at("/spec/tolerations")).hasSize(2);
        assertThat(pod.at("/spec/tolerations/0/tolerationSeconds").asInt()).isEqualTo(5);
        assertThat(pod.at("/spec/tolerations/1/key").asString()).isEqualTo("node.kubernetes.io/unreachable");
        assertThat(pod.at("/spec/tolerations/1/tolerationSeconds").asInt()).isEqualTo(300);
    }

    @Test
    void priorityComesFromItsClass() {
        cluster.create(PRIORITY, "{metadata:{name:'high'},value:1000,preemptionPolicy:'Never'}");
        assertThat(refused(() -> cluster.pod(
                                "{metadata:{name:'p'},spec:{priorityClassName:'x',containers:[{name:'c',image:'i'}]}}"))
                        .message())
                .isEqualTo("pods \"p\" is forbidden: no PriorityClass with name x was found");
        ObjectNode plain = cluster.pod(POD_TEXT);
        assertThat(plain.at("/spec/priority").asInt(-1)).isZero();
        assertThat(plain.at("/spec/preemptionPolicy").asString()).isEqualTo("PreemptLowerPriority");
        ObjectNode high =
                cluster.pod("{metadata:{name:'q'},spec:{priorityClassName:'high',containers:[{name:'c',image:'i'}]}}");
        assertThat(high.at("/spec/priority").asInt()).isEqualTo(1000);
        assertThat(high.at("/spec/preemptionPolicy").asString()).isEqualTo("Never");
    }

    @Test
    void aRuntimeClassSaysWhatItCostsAndWhereItRuns() {
        Resource kind = Resources.kind("node.k8s.io/v1", "RuntimeClass");
        String text = "{metadata:{name:'p'},spec:{runtimeClassName:'vm',containers:[{name:'c',image:'i'}]}}";
        assertThat(refused(() -> cluster.pod(text)).message())
                .isEqualTo("pods \"p\" is forbidden: pod rejected: RuntimeClass \"vm\" not found");
        cluster.create(
                kind,
                "{metadata:{name:'vm'},handler:'vm',overhead:{podFixed:{cpu:'10m'}},"
                        + "scheduling:{nodeSelector:{vm:'yes'},tolerations:[{key:'vm',operator:'Exists'}]}}");
        ObjectNode pod = cluster.pod(text);
        assertThat(pod.at("/spec/overhead/cpu").asString()).isEqualTo("10m");
        assertThat(pod.at("/spec/nodeSelector/vm").asString()).isEqualTo("yes");
        assertThat(pod.at("/spec/tolerations").toString()).contains("\"key\":\"vm\"");
        String other = "{metadata:{name:'q'},spec:{runtimeClassName:'vm',overhead:{cpu:'1'},nodeSelector:{vm:'no'},"
                + "containers:[{name:'c',image:'i'}]}}";
        assertThat(refused(() -> cluster.create(POD, other)).message())
                .isEqualTo("pods \"q\" is forbidden: pod rejected: Pod's Overhead doesn't match RuntimeClass's defined"
                        + " Overhead");
        assertThat(refused(() -> cluster.create(POD, other.replace("overhead:{cpu:'1'},", "")))
                        .message())
                .isEqualTo("pods \"q\" is forbidden: pod rejected: conflict: runtimeClass.scheduling.nodeSelector[vm] ="
                        + " yes; pod.spec.nodeSelector[vm] = no");
    }

    @Test
    void limitRangesHoldForPodsAndClaimsToo() {
        cluster.create(
                Resources.kind("v1", "LimitRange"),
                "{metadata:{name:'l'},spec:{limits:[{type:'Pod',max:{cpu:'1'},maxLimitRequestRatio:{cpu:'2'}},"
                        + "{type:'PersistentVolumeClaim',min:{storage:'2Gi'},max:{storage:'4Gi'}}]}}");
        String two =
                "{metadata:{name:'p'},spec:{containers:[{name:'c',image:'i',resources:{requests:{cpu:'%s'},limits:{cpu:'600m'}}},"
                        + "{name:'d',image:'i',resources:{limits:{cpu:'%s'}}}]}}";
        assertThat(refused(() -> cluster.pod(two.formatted("500m", "500m"))).message())
                .isEqualTo("pods \"p\" is forbidden: maximum cpu usage per Pod is 1, but limit is 1100m");
        assertThat(refused(() -> cluster.pod(two.formatted("100m", "100m"))).message())
                .isEqualTo("pods \"p\" is forbidden: cpu max limit to request ratio per Pod is 2, but provided ratio is"
                        + " 3.500000");
        cluster.pod(two.formatted("500m", "300m"));
        String claim = "{metadata:{name:'v'},spec:{accessModes:['ReadWriteOnce'],resources:{requests:{storage:'%s'}}}}";
        Resource claims = Resources.kind("v1", "PersistentVolumeClaim");
        assertThat(refused(() -> cluster.create(claims, claim.formatted("1Gi"))).message())
                .isEqualTo(
                        "persistentvolumeclaims \"v\" is forbidden: minimum storage usage per PersistentVolumeClaim is"
                                + " 2Gi, but request is 1Gi");
        assertThat(refused(() -> cluster.create(claims, claim.formatted("5Gi"))).message())
                .contains("maximum storage usage per PersistentVolumeClaim is 4Gi, but request is 5Gi");
        cluster.create(claims, claim.formatted("3Gi"));
    }

    @Test
    void limitRangesFillInAndRefuse() {
        cluster.create(
                Resources.kind("v1", "LimitRange"),
                "{metadata:{name:'l'},spec:{limits:[{type:'Container',max:{cpu:'1'},default:{cpu:'500m'},"
                        + "defaultRequest:{cpu:'100m'}}]}}");
        ObjectNode pod = cluster.pod(POD_TEXT);
        assertThat(pod.at("/spec/containers/0/resources/limits/cpu").asString()).isEqualTo("500m");
        assertThat(pod.at("/spec/containers/0/resources/requests/cpu").asString())
                .isEqualTo("100m");
        assertThat(pod.at("/status/qosClass").asString()).isEqualTo("Burstable");
        assertThat(refused(() -> cluster.pod("{metadata:{name:'q'},spec:{containers:[{name:'c',image:'i',"
                                + "resources:{limits:{cpu:'2'}}}]}}"))
                        .message())
                .isEqualTo("pods \"q\" is forbidden: maximum cpu usage per Container is 1, but limit is 2");
    }

    @Test
    void claimsGetTheDefaultClass() {
        cluster.create(
                Resources.kind("storage.k8s.io/v1", "StorageClass"),
                "{metadata:{name:'fast',annotations:{'storageclass.kubernetes.io/is-default-class':'true'}},"
                        + "provisioner:'p'}");
        Resource claim = Resources.kind("v1", "PersistentVolumeClaim");
        String spec = "accessModes:['ReadWriteOnce'],resources:{requests:{storage:'1Gi'}}";
        ObjectNode made = cluster.create(claim, "{metadata:{name:'a'},spec:{%s}}".formatted(spec));
        assertThat(made.at("/spec/storageClassName").asString()).isEqualTo("fast");
        ObjectNode none = cluster.create(claim, "{metadata:{name:'b'},spec:{storageClassName:'',%s}}".formatted(spec));
        assertThat(none.at("/spec/storageClassName").asString("-")).isEmpty();
    }

    @Test
    void namespacesHaveTheirNameAsALabel() {
        ObjectNode made = cluster.create(Fixture.NAMESPACE, "{metadata:{name:'n'}}");
        assertThat(made.at("/metadata/labels/kubernetes.io~1metadata.name").asString())
                .isEqualTo("n");
        assertThat(made.at("/status/phase").asString()).isEqualTo("Active");
    }
}
