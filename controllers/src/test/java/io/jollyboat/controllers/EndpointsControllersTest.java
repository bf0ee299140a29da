package io.jollyboat.controllers;

import static io.jollyboat.controllers.SmallCluster.DEPLOYMENT;
import static io.jollyboat.controllers.SmallCluster.ENDPOINTS;
import static io.jollyboat.controllers.SmallCluster.NODE;
import static io.jollyboat.controllers.SmallCluster.POD;
import static io.jollyboat.controllers.SmallCluster.SERVICE;
import static io.jollyboat.controllers.SmallCluster.SLICE;
import static io.jollyboat.controllers.SmallCluster.deployment;
import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.Meta;
import io.jollyboat.api.OwnerReference;
import io.jollyboat.api.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class EndpointsControllersTest {
    private static final String SELECTOR = "selector:{app:'web'},ports:[{port:80,targetPort:8080}]";

    private static final DeleteOptions FOREGROUND =
            new DeleteOptions(Optional.empty(), Optional.of(DeleteOptions.Propagation.FOREGROUND), "", "", false);

    private final SmallCluster cluster = new SmallCluster(1);

    @Test
    void aServiceLeadsToItsPods() {
        cluster.create(DEPLOYMENT, "default", deployment("web", 3, "i", ""));
        service("web", SELECTOR);
        cluster.settle();
        ObjectNode slice = slices("web").getFirst();
        assertThat(slices("web")).hasSize(1);
        assertThat(Meta.name(slice)).startsWith("web-");
        assertThat(Meta.labels(slice))
                .containsOnly(
                        Map.entry("kubernetes.io/service-name", "web"),
                        Map.entry("endpointslice.kubernetes.io/managed-by", "endpointslice-controller.k8s.io"));
        String uid = Meta.uid(cluster.get(SERVICE, "web"));
        assertThat(Meta.ownerReferences(slice))
                .containsExactly(new OwnerReference("v1", "Service", "web", uid, true, true));
        assertThat(Meta.annotations(slice)).containsOnlyKeys("endpoints.kubernetes.io/last-change-trigger-time");
        assertThat(slice.path("addressType").asString()).isEqualTo("IPv4");
        assertThat(slice.at("/ports/0")).isEqualTo(SmallCluster.json("{name:'',port:8080,protocol:'TCP'}"));
        assertThat(sliced("web")).containsExactlyInAnyOrderElementsOf(podAddresses());
        JsonNode first = slice.at("/endpoints/0");
        assertThat(first.path("conditions"))
                .isEqualTo(SmallCluster.json("{ready:true,serving:true,terminating:false}"));
        assertThat(first.at("/targetRef/kind").asString()).isEqualTo("Pod");
        assertThat(first.path("nodeName").asString()).isEqualTo("n1");
        assertThat(listed("web")).containsExactlyInAnyOrderElementsOf(podAddresses());
        assertThat(Meta.labels(cluster.get(ENDPOINTS, "web")))
                .containsExactly(Map.entry("endpoints.kubernetes.io/managed-by", "endpoint-controller"));
        assertThat(cluster.get(ENDPOINTS, "web").at("/subsets/0/ports").toString())
                .isEqualTo("[{\"protocol\":\"TCP\",\"port\":8080}]");
    }

    @Test
    void aNewPodTakesTheOldOnesPlaceInTheSameSlice() {
        cluster.create(DEPLOYMENT, "default", deployment("web", 1, "i", ""));
        service("web", SELECTOR);
        cluster.settle();
        String name = Meta.name(slices("web").getFirst());
        List<String> before = sliced("web");
        cluster.delete(POD, Meta.name(cluster.pods().getFirst()), DeleteOptions.DEFAULT);
        cluster.settle();
        assertThat(sliced("web")).isEqualTo(podAddresses()).doesNotContainAnyElementsOf(before);
        cluster.patch(DEPLOYMENT, "web", "{spec:{replicas:0}}");
        cluster.settle();
        assertThat(slices("web")).hasSize(1);
        assertThat(Meta.name(slices("web").getFirst())).isEqualTo(name);
        assertThat(slices("web").getFirst().path("endpoints").size()).isZero();
        assertThat(slices("web").getFirst().path("ports").size()).isZero();
        assertThat(cluster.get(ENDPOINTS, "web").has("subsets")).isFalse();
    }

    @Test
    void aPodThatEndsIsLeftOutOfEndpointsAndTerminatesInTheSlice() {
        cluster.create(DEPLOYMENT, "default", deployment("web", 1, "i", ""));
        service("web", SELECTOR);
        cluster.settle();
        cluster.kubelet = false;
        cluster.delete(POD, Meta.name(cluster.pods().getFirst()), DeleteOptions.DEFAULT);
        cluster.settle();
        assertThat(slices("web").getFirst().at("/endpoints/0/conditions"))
                .isEqualTo(SmallCluster.json("{ready:false,serving:true,terminating:true}"));
        assertThat(listed("web")).isEmpty();
    }

    @Test
    void aServiceWithoutPodsHasOneEmptySliceAndEmptyEndpoints() {
        service("web", SELECTOR);
        cluster.settle();
        assertThat(slices("web")).hasSize(1);
        assertThat(slices("web").getFirst().path("endpoints").isEmpty()).isTrue();
        assertThat(cluster.find(ENDPOINTS, "default", "web")).isPresent();
        long quiet = revision();
        cluster.patch(SERVICE, "web", "{metadata:{annotations:{a:'b'}}}");
        cluster.settle();
        assertThat(revision()).as("nothing else to write").isEqualTo(quiet);
        cluster.delete(SERVICE, "web", DeleteOptions.DEFAULT);
        cluster.settle();
        assertThat(slices("web")).isEmpty();
        assertThat(cluster.find(ENDPOINTS, "default", "web")).isEmpty();
    }

    @Test
    void labelsPortsAndZonesAreFollowed() {
        cluster.create(DEPLOYMENT, "default", deployment("web", 1, "i", ""));
        service("web", SELECTOR);
        cluster.settle();
        cluster.patch(SERVICE, "web", "{metadata:{labels:{tier:'front'}},spec:{ports:[{port:80,targetPort:9090}]}}");
        cluster.patch(NODE, "n1", "{metadata:{labels:{'topology.kubernetes.io/zone':'z1'}}}");
        cluster.settle();
        ObjectNode slice = slices("web").getFirst();
        assertThat(slices("web")).hasSize(1);
        assertThat(Meta.label(slice, "tier")).contains("front");
        assertThat(slice.at("/ports/0/port").asInt()).isEqualTo(9090);
        assertThat(slice.at("/endpoints/0/zone").asString()).isEqualTo("z1");
        assertThat(Meta.label(cluster.get(ENDPOINTS, "web"), "tier")).contains("front");
        cluster.patch(SERVICE, "web", "{metadata:{labels:null}}");
        cluster.settle();
        assertThat(Meta.label(slices("web").getFirst(), "tier")).isEmpty();
    }

    @Test
    void whoeverDamagesThemIsPutRight() {
        cluster.create(DEPLOYMENT, "default", deployment("web", 2, "i", ""));
        service("web", SELECTOR);
        cluster.settle();
        cluster.patch(SLICE, Meta.name(slices("web").getFirst()), "{endpoints:[]}");
        cluster.patch(ENDPOINTS, "web", "{subsets:null}");
        cluster.settle();
        assertThat(sliced("web")).containsExactlyInAnyOrderElementsOf(podAddresses());
        assertThat(listed("web")).containsExactlyInAnyOrderElementsOf(podAddresses());
        cluster.delete(SLICE, Meta.name(slices("web").getFirst()), DeleteOptions.DEFAULT);
        cluster.delete(ENDPOINTS, "web", DeleteOptions.DEFAULT);
        cluster.settle();
        assertThat(sliced("web")).containsExactlyInAnyOrderElementsOf(podAddresses());
        assertThat(listed("web")).containsExactlyInAnyOrderElementsOf(podAddresses());
    }

    @Test
    void withTheSelectorTheSlicesGoAndEndpointsAreMirroredInstead() {
        cluster.create(DEPLOYMENT, "default", deployment("web", 2, "i", ""));
        service("web", SELECTOR);
        cluster.settle();
        cluster.patch(SERVICE, "web", "{spec:{selector:null}}");
        cluster.settle();
        assertThat(slices("web")).hasSize(1);
        assertThat(manager("web")).isEqualTo("endpointslicemirroring-controller.k8s.io");
        cluster.patch(SERVICE, "web", "{spec:{selector:{app:'web'}}}");
        cluster.settle();
        assertThat(slices("web")).hasSize(1);
        assertThat(manager("web")).isEqualTo("endpointslice-controller.k8s.io");
        cluster.patch(SERVICE, "web", "{spec:{type:'ExternalName',externalName:'example.com'}}");
        cluster.settle();
        assertThat(slices("web"))
                .noneMatch(slice -> Meta.label(slice, EndpointSlice.MANAGED_BY)
                        .filter(ServiceEndpoints.MANAGER::equals)
                        .isPresent());
    }

    @Test
    void aServiceThatWaitsForItsSlicesToGoGetsNoNewOnes() {
        cluster.create(DEPLOYMENT, "default", deployment("web", 2, "i", ""));
        service("web", SELECTOR);
        cluster.settle();
        cluster.delete(SERVICE, "web", FOREGROUND);
        cluster.settle();
        assertThat(cluster.find(SERVICE, "default", "web")).isEmpty();
        assertThat(slices("web")).isEmpty();
        assertThat(cluster.find(ENDPOINTS, "default", "web")).isEmpty();
    }

    @Test
    void handWrittenEndpointsAreMirrored() {
        service("api", "ports:[{port:80}]");
        cluster.create(ENDPOINTS, "default", """
                {metadata:{name:'api',labels:{a:'b'},annotations:{c:'d'}},
                 subsets:[{addresses:[{ip:'192.168.123.234'},{ip:'fd00::1'}],notReadyAddresses:[{ip:'192.168.123.235'}],
                  ports:[{port:80}]}]}""");
        cluster.settle();
        assertThat(slices("api")).hasSize(2);
        ObjectNode four = slices("api").stream()
                .filter(slice -> slice.path("addressType").asString().equals("IPv4"))
                .findFirst()
                .orElseThrow();
        assertThat(four.at("/endpoints/0").toString())
                .isEqualTo("{\"addresses\":[\"192.168.123.234\"],\"conditions\":{\"ready\":true}}");
        assertThat(four.at("/endpoints/1/conditions/ready").asBoolean(true)).isFalse();
        assertThat(Meta.label(four, "a")).contains("b");
        assertThat(Meta.annotations(four)).containsExactly(Map.entry("c", "d"));
        assertThat(Meta.controller(four).orElseThrow().kind()).isEqualTo("Endpoints");
        assertThat(manager("api")).isEqualTo("endpointslicemirroring-controller.k8s.io");
        cluster.patch(ENDPOINTS, "api", "{subsets:[{addresses:[{ip:'192.168.123.236'}],ports:[{port:81}]}]}");
        cluster.settle();
        assertThat(sliced("api")).containsExactly("192.168.123.236");
        cluster.patch(ENDPOINTS, "api", "{metadata:{labels:{'endpointslice.kubernetes.io/skip-mirror':'true'}}}");
        cluster.settle();
        assertThat(slices("api")).isEmpty();
        cluster.patch(ENDPOINTS, "api", "{metadata:{labels:{'endpointslice.kubernetes.io/skip-mirror':null}}}");
        cluster.settle();
        assertThat(slices("api")).hasSize(1);
        cluster.delete(ENDPOINTS, "api", DeleteOptions.DEFAULT);
        cluster.settle();
        assertThat(slices("api")).isEmpty();
    }

    @Test
    void endpointsWithoutServiceAreNotMirroredUntilThereIsOne() {
        cluster.create(
                ENDPOINTS,
                "default",
                "{metadata:{name:'api'},subsets:[{addresses:[{ip:'192.168.1.1'}],ports:[{port:80}]}]}");
        cluster.settle();
        assertThat(slices("api")).isEmpty();
        service("api", "clusterIP:'None',ports:[{port:80}]");
        cluster.settle();
        assertThat(sliced("api")).containsExactly("192.168.1.1");
    }

    @Test
    void aChangeOfAPodCostsNothingWhereItDoesNotMatter() {
        cluster.create(DEPLOYMENT, "default", deployment("web", 1, "i", ""));
        service("web", SELECTOR);
        cluster.settle();
        String pod = Meta.name(cluster.pods().getFirst());
        long quiet = revision();
        cluster.patch(POD, pod, "{metadata:{annotations:{a:'b'}}}");
        cluster.patch(Target.of(POD, "default", pod).withSubresource("status"), "{status:{message:'still well'}}");
        cluster.settle();
        assertThat(revision()).isEqualTo(quiet);
        cluster.patch(POD, pod, "{metadata:{labels:{app:'other'}}}");
        cluster.settle();
        assertThat(sliced("web")).hasSize(1).isNotEqualTo(List.of(address(cluster.get(POD, pod))));
    }

    private void service(String name, String spec) {
        cluster.create(SERVICE, "default", "{metadata:{name:'" + name + "'},spec:{" + spec + "}}");
    }

    /** The newest revision of slices and Endpoints. */
    private long revision() {
        List<ObjectNode> all = new ArrayList<>(cluster.list(SLICE));
        all.addAll(cluster.list(ENDPOINTS));
        return all.stream()
                .mapToLong(object -> Long.parseLong(Meta.resourceVersion(object)))
                .max()
                .orElse(0);
    }

    private List<ObjectNode> slices(String service) {
        return cluster.list(SLICE).stream()
                .filter(slice -> Meta.label(slice, EndpointSlice.SERVICE_NAME)
                        .filter(service::equals)
                        .isPresent())
                .toList();
    }

    private String manager(String service) {
        return Meta.label(slices(service).getFirst(), EndpointSlice.MANAGED_BY).orElse("");
    }

    private List<String> sliced(String service) {
        List<String> found = new ArrayList<>();
        slices(service)
                .forEach(slice -> slice.path("endpoints")
                        .forEach(endpoint ->
                                found.add(endpoint.at("/addresses/0").asString())));
        return found;
    }

    private List<String> listed(String name) {
        List<String> found = new ArrayList<>();
        cluster.get(ENDPOINTS, name)
                .path("subsets")
                .forEach(subset -> subset.path("addresses")
                        .forEach(address -> found.add(address.path("ip").asString())));
        return found;
    }

    private List<String> podAddresses() {
        return cluster.pods().stream().map(EndpointsControllersTest::address).toList();
    }

    private static String address(ObjectNode pod) {
        return pod.at("/status/podIP").asString();
    }
}
