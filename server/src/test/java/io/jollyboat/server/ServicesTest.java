package io.jollyboat.server;

import static io.jollyboat.server.Fixture.SERVICE;
import static io.jollyboat.server.Fixture.json;
import static io.jollyboat.server.Fixture.refused;
import static io.jollyboat.server.Fixture.target;
import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.Api;
import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.ListOptions;
import io.jollyboat.api.Meta;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.Target;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.store.MemoryStore;
import io.jollyboat.world.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

final class ServicesTest {
    private final Fixture cluster = new Fixture();

    private ObjectNode service(String name, String spec) {
        return cluster.create(SERVICE, "{metadata:{name:'%s'},spec:{%s}}".formatted(name, spec));
    }

    private ObjectNode put(String name, String spec) {
        return cluster.update(SERVICE, json("{metadata:{name:'%s'},spec:{%s}}".formatted(name, spec)));
    }

    private static String address(JsonNode service) {
        return service.at("/spec/clusterIP").asString("");
    }

    private static int nodePort(JsonNode service, int index) {
        return service.at("/spec/ports/" + index + "/nodePort").asInt(0);
    }

    @Test
    void aServiceGetsAnAddressFromTheUpperBand() {
        ObjectNode made = service("a", "ports:[{port:80}]");
        assertThat(address(made)).startsWith("10.43.");
        assertThat(AddressRange.parse("10.43.0.0/16").offset(address(made))).isGreaterThan(256);
        assertThat(made.at("/spec/clusterIPs/0").asString()).isEqualTo(address(made));
        assertThat(made.at("/spec/ipFamilies/0").asString()).isEqualTo("IPv4");
        assertThat(made.at("/spec/ipFamilyPolicy").asString()).isEqualTo("SingleStack");
        assertThat(made.at("/spec/ports/0/targetPort").asInt()).isEqualTo(80);
    }

    @Test
    void anAskedAddressIsHonouredOnce() {
        assertThat(address(service("dns", "clusterIP:'10.43.0.10',ports:[{port:53}]")))
                .isEqualTo("10.43.0.10");
        assertThat(refused(() -> service("other", "clusterIP:'10.43.0.10',ports:[{port:53}]"))
                        .message())
                .isEqualTo("Service \"other\" is invalid: spec.clusterIPs: Invalid value: [\"10.43.0.10\"]: failed to"
                        + " allocate IP 10.43.0.10: provided IP is already allocated");
        assertThat(refused(() -> service("far", "clusterIP:'1.2.3.4',ports:[{port:53}]"))
                        .message())
                .endsWith(
                        "failed to allocate IP 1.2.3.4: the provided IP (1.2.3.4) is not in the valid range. The range of"
                                + " valid IPs is 10.43.0.0/16");
        cluster.delete(SERVICE, "dns");
        assertThat(address(service("again", "clusterIP:'10.43.0.10',ports:[{port:53}]")))
                .isEqualTo("10.43.0.10");
    }

    @Test
    void whatAnUpdateLeavesOutIsKept() {
        ObjectNode made = service("a", "type:'NodePort',ports:[{name:'a',port:80},{name:'b',port:81}]");
        ObjectNode updated =
                put("a", "type:'NodePort',ports:[{name:'b',port:81},{name:'a',port:80},{name:'c',port:82}]");
        assertThat(address(updated)).isEqualTo(address(made));
        assertThat(nodePort(updated, 0)).isEqualTo(nodePort(made, 1));
        assertThat(nodePort(updated, 1)).isEqualTo(nodePort(made, 0));
        assertThat(nodePort(updated, 2)).isBetween(30000, 32767);
        assertThat(refused(() -> put("missing", "ports:[{port:80}],clusterIP:'10.43.999.1'"))
                        .reason())
                .isEqualTo(Reason.INVALID);
    }

    @Test
    void nodePortsComeFromTheUpperBandAndAreGivenOnce() {
        ObjectNode made = service("a", "type:'NodePort',ports:[{port:80}]");
        assertThat(nodePort(made, 0)).isGreaterThan(30084);
        ObjectNode low = service("b", "type:'NodePort',ports:[{port:80,nodePort:30080}]");
        assertThat(nodePort(low, 0)).isEqualTo(30080);
        assertThat(refused(() -> service("c", "type:'NodePort',ports:[{port:80,nodePort:30080}]"))
                        .message())
                .isEqualTo(
                        "Service \"c\" is invalid: spec.ports[0].nodePort: Invalid value: 30080: provided port is already"
                                + " allocated");
        assertThat(refused(() -> service("c", "type:'NodePort',ports:[{port:80,nodePort:80}]"))
                        .message())
                .endsWith("Invalid value: 80: provided port is not in the valid range. The range of valid ports is"
                        + " 30000-32767");
        ObjectNode twin = service(
                "twin", "type:'NodePort',ports:[{name:'t',port:53,protocol:'TCP'},{name:'u',port:53,protocol:'UDP'}]");
        assertThat(nodePort(twin, 0)).isEqualTo(nodePort(twin, 1));
    }

    /** The write that lets it go asks for a port, which nobody holds afterwards. */
    @Test
    void whatAServiceAsksForWhenItGoesIsFree() {
        cluster.create(SERVICE, "{metadata:{name:'a',finalizers:['x/y']},spec:{ports:[{port:80}]}}");
        cluster.delete(SERVICE, "a");
        cluster.merge(
                SERVICE, "a", "{metadata:{finalizers:null},spec:{type:'NodePort',ports:[{port:80,nodePort:30080}]}}");
        assertThat(nodePort(service("b", "type:'NodePort',ports:[{port:80,nodePort:30080}]"), 0))
                .isEqualTo(30080);
    }

    @Test
    void aChangeOfTypeGivesAndTakes() {
        ObjectNode made =
                service("a", "type:'LoadBalancer',externalTrafficPolicy:'Local',ports:[{port:80,nodePort:30081}]");
        assertThat(made.at("/spec/healthCheckNodePort").asInt(0)).isBetween(30000, 32767);
        ObjectNode inner = made.deepCopy();
        inner.withObjectProperty("spec").put("type", "ClusterIP");
        ObjectNode changed = cluster.update(SERVICE, inner);
        assertThat(changed.at("/spec/ports/0").has("nodePort")).isFalse();
        assertThat(changed.path("spec").has("healthCheckNodePort")).isFalse();
        assertThat(changed.path("spec").has("externalTrafficPolicy")).isFalse();
        assertThat(address(changed)).isEqualTo(address(made));
        service("b", "type:'NodePort',ports:[{port:80,nodePort:30081}]");
        ObjectNode name = changed.deepCopy();
        name.withObjectProperty("spec").put("type", "ExternalName").put("externalName", "example.com");
        ObjectNode outer = cluster.update(SERVICE, name);
        assertThat(outer.path("spec").has("clusterIP")).isFalse();
        assertThat(outer.path("spec").has("ipFamilies")).isFalse();
        assertThat(address(service("c", "clusterIP:'%s',ports:[{port:80}]".formatted(address(made)))))
                .isEqualTo(address(made));
        assertThat(address(put("a", "type:'ClusterIP',ports:[{port:80}]"))).startsWith("10.43.");
    }

    @Test
    void headlessServicesHaveNoAddress() {
        ObjectNode made = service("a", "clusterIP:'None',selector:{a:'b'}");
        assertThat(made.at("/spec/clusterIPs/0").asString()).isEqualTo("None");
        assertThat(made.at("/spec/ipFamilies")).hasSize(1);
        assertThat(service("b", "clusterIP:'None'").at("/spec/ipFamilies")).hasSize(2);
    }

    @Test
    void aDryRunAndAFailureKeepNothing() {
        Settings tiny =
                Settings.DEFAULT.withServiceCidrs(List.of("10.43.0.0/29")).withNodePorts(30000, 30001);
        Fixture small = new Fixture(new MemoryStore(), tiny);
        for (int i = 0; i < 20; i++) {
            small.api.create(
                    SERVICE,
                    "default",
                    json("{metadata:{name:'x'},spec:{type:'NodePort',ports:[{port:1}]}}"),
                    small.dryRun());
            String two = "{metadata:{name:'x'},spec:{type:'NodePort',ports:[{name:'a',port:1},{name:'b',port:2},"
                    + "{name:'c',port:3}]}}";
            assertThat(refused(() -> small.create(SERVICE, two)).message()).contains("range is full");
        }
        for (int i = 0; i < 6; i++) {
            small.create(SERVICE, "{metadata:{name:'s%d'},spec:{ports:[{port:1}]}}".formatted(i));
        }
        assertThat(refused(() -> small.create(SERVICE, "{metadata:{name:'y'},spec:{ports:[{port:1}]}}"))
                        .reason())
                .isEqualTo(Reason.INTERNAL_ERROR);
        small.delete(SERVICE, "s3");
        small.create(SERVICE, "{metadata:{name:'y'},spec:{ports:[{port:1}]}}");
    }

    @Test
    void aNewServerKnowsWhatIsGivenOut() {
        ObjectNode made = service("a", "type:'NodePort',ports:[{port:80}]");
        Fixture again = new Fixture(cluster.store);
        String spec = "{metadata:{name:'b'},spec:{clusterIP:'%s',ports:[{port:80}]}}".formatted(address(made));
        assertThat(refused(() -> again.create(SERVICE, spec)).message()).contains("already allocated");
        String ports = "{metadata:{name:'b'},spec:{type:'NodePort',ports:[{port:80,nodePort:%d}]}}"
                .formatted(nodePort(made, 0));
        assertThat(refused(() -> again.create(SERVICE, ports)).message()).contains("already allocated");
    }

    @Test
    void concurrentWritersGetNothingTwice() throws InterruptedException {
        List<Task> tasks = new ArrayList<>();
        for (int w = 0; w < 4; w++) {
            Api api = cluster.server.as(User.component("writer" + w));
            int writer = w;
            tasks.add(cluster.world.start("writer" + w, () -> churn(api, writer)));
        }
        for (Task task : tasks) {
            assertThat(task.join(Duration.ofSeconds(60))).isTrue();
        }
        Set<String> addresses = new HashSet<>();
        Set<Integer> ports = new HashSet<>();
        List<ObjectNode> services =
                cluster.api.list(SERVICE, "default", ListOptions.ALL).items();
        assertThat(services).hasSize(100);
        for (ObjectNode service : services) {
            assertThat(addresses.add(address(service))).isTrue();
            assertThat(ports.add(nodePort(service, 0))).isTrue();
        }
    }

    private static void churn(Api api, int writer) {
        for (int i = 0; i < 50; i++) {
            String name = "s%d-%d".formatted(writer, i);
            ObjectNode service =
                    json("{metadata:{name:'%s'},spec:{type:'NodePort',ports:[{port:80}]}}".formatted(name));
            api.create(SERVICE, "default", service, WriteOptions.by("w"));
            if (i % 2 == 1) {
                api.delete(target(SERVICE, name), DeleteOptions.DEFAULT);
            }
        }
    }

    @Test
    void endpointsGoWithTheService() {
        var endpoints = Resources.kind("v1", "Endpoints");
        service("a", "ports:[{port:80}]");
        cluster.create(endpoints, "{metadata:{name:'a'}}");
        cluster.delete(SERVICE, "a");
        assertThat(refused(() -> cluster.get(endpoints, "a")).reason()).isEqualTo(Reason.NOT_FOUND);
    }

    @Test
    void theClustersOwnObjectsAreMadeAndRepaired() {
        Fixture fresh = new Fixture(new MemoryStore(), Settings.DEFAULT.withAdvertised(List.of("10.41.0.1"), 6443));
        fresh.server.repairOwnObjects();
        ObjectNode kubernetes = fresh.get(SERVICE, "kubernetes");
        assertThat(address(kubernetes)).isEqualTo("10.43.0.1");
        assertThat(kubernetes.at("/spec/ports/0/targetPort").asInt()).isEqualTo(6443);
        var endpoints = Resources.kind("v1", "Endpoints");
        fresh.update(endpoints, json("{metadata:{name:'kubernetes'}}"));
        fresh.server.repairOwnObjects();
        assertThat(fresh.get(endpoints, "kubernetes")
                        .at("/subsets/0/addresses/0/ip")
                        .asString())
                .isEqualTo("10.41.0.1");
        long revision = fresh.store.revision();
        fresh.server.repairOwnObjects();
        assertThat(fresh.store.revision()).isEqualTo(revision);
        assertThat(Meta.labels(fresh.get(Resources.kind("discovery.k8s.io/v1", "EndpointSlice"), "kubernetes")))
                .containsEntry("kubernetes.io/service-name", "kubernetes");
    }

    @Test
    void dnsHasItsServiceInKubeSystemWhichComesBack() {
        Fixture fresh = new Fixture(new MemoryStore(), Settings.DEFAULT.withDnsAddress("10.43.0.53"));
        fresh.server.repairOwnObjects();
        Target service = Target.of(SERVICE, "kube-system", "kube-dns");
        Target slice = Target.of(Resources.kind("discovery.k8s.io/v1", "EndpointSlice"), "kube-system", "kube-dns");
        Target endpoints = Target.of(Resources.kind("v1", "Endpoints"), "kube-system", "kube-dns");
        assertThat(address(fresh.api.get(service))).isEqualTo("10.43.0.53");
        assertThat(fresh.api.get(service).at("/spec/ports").size()).isEqualTo(3);
        assertThat(Meta.labels(fresh.api.get(service)))
                .containsEntry("kubernetes.io/name", "CoreDNS")
                .containsEntry("kubernetes.io/cluster-service", "true");
        assertThat(fresh.api.get(slice).at("/endpoints/0/addresses/0").asString())
                .isEqualTo("10.43.0.53");
        long revision = fresh.store.revision();
        fresh.server.repairOwnObjects();
        assertThat(fresh.store.revision()).as("nothing to repair").isEqualTo(revision);
        fresh.api.delete(service, DeleteOptions.DEFAULT);
        fresh.api.delete(slice, DeleteOptions.DEFAULT);
        fresh.server.repairOwnObjects();
        assertThat(address(fresh.api.get(service))).isEqualTo("10.43.0.53");
        assertThat(fresh.api.get(endpoints).at("/subsets/0/ports").size()).isEqualTo(3);
        assertThat(fresh.api.get(slice).at("/ports").size()).isEqualTo(3);
    }
}
