package io.jollyboat.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.client.Change;
import io.jollyboat.client.Key;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Objects become records, slices are united, and listeners hear exactly the Services that may have changed. */
class ServiceTableTest {
    private static final Key WEB = new Key("shop", "web");
    private static final Key OTHER = new Key("shop", "other");

    private final Service web = Service.of(json("""
            {"metadata": {"namespace": "shop", "name": "web"},
             "spec": {"type": "LoadBalancer", "clusterIP": "10.43.0.20", "clusterIPs": ["10.43.0.20"],
              "ports": [{"name": "http", "port": 80, "targetPort": 8080, "nodePort": 30080, "protocol": "TCP"}],
              "externalIPs": ["203.0.113.7"], "externalTrafficPolicy": "Local", "sessionAffinity": "ClientIP",
              "sessionAffinityConfig": {"clientIP": {"timeoutSeconds": 60}}, "healthCheckNodePort": 30100,
              "loadBalancerSourceRanges": ["198.51.100.0/24"]},
             "status": {"loadBalancer": {"ingress": [{"ip": "10.44.0.1", "ipMode": "VIP"},
              {"ip": "127.0.0.1", "ipMode": "Proxy"}, {"hostname": "a.example"}]}}}"""));

    @Test
    void aServiceIsProjected() {
        assertThat(web)
                .isEqualTo(new Service(
                        WEB,
                        Service.Type.LOAD_BALANCER,
                        List.of("10.43.0.20"),
                        false,
                        "",
                        List.of(new ServicePort("http", Protocol.TCP, 80, 30080)),
                        List.of("203.0.113.7"),
                        List.of("10.44.0.1"),
                        Optional.of(Duration.ofSeconds(60)),
                        true,
                        false,
                        List.of("198.51.100.0/24"),
                        30100,
                        false));
    }

    @Test
    void headlessAndExternalNameHaveNoAddresses() {
        Service headless = Service.of(json("""
                {"metadata": {"namespace": "a", "name": "b"},
                 "spec": {"type": "ClusterIP", "clusterIP": "None", "clusterIPs": ["None"]}}"""));
        Service external = Service.of(json("""
                {"metadata": {"namespace": "a", "name": "b"},
                 "spec": {"type": "ExternalName", "externalName": "www.example.com"}}"""));
        assertThat(headless.headless()).isTrue();
        assertThat(headless.clusterIps()).isEmpty();
        assertThat(external.headless()).isFalse();
        assertThat(external.externalName()).isEqualTo("www.example.com");
    }

    @Test
    void unknownConditionsReadAsTheReferenceTells() {
        List<Endpoint> endpoints = EndpointSlice.of(json("""
                {"metadata": {"namespace": "a", "name": "b-1", "labels": {"kubernetes.io/service-name": "b"}},
                 "addressType": "IPv4", "ports": [{"port": 80}],
                 "endpoints": [{"addresses": ["10.0.0.1"]},
                  {"addresses": ["10.0.0.2"], "conditions": {"ready": false}},
                  {"addresses": ["10.0.0.3"], "conditions": {"ready": false, "serving": true, "terminating": true}}]}""")).endpoints();
        assertThat(endpoints).extracting(Endpoint::ready).containsExactly(true, false, false);
        assertThat(endpoints).extracting(Endpoint::serving).containsExactly(true, false, true);
        assertThat(endpoints).extracting(Endpoint::terminating).containsExactly(false, false, true);
        assertThat(endpoints.getFirst().ports()).containsExactly(new EndpointPort("", Protocol.TCP, 80));
    }

    @Test
    void slicesAreUnitedAndDoublesMerged() {
        EndpointPort http = new EndpointPort("http", Protocol.TCP, 8080);
        EndpointPort admin = new EndpointPort("admin", Protocol.TCP, 9000);
        ServiceTable table = ServiceTable.EMPTY
                .with(slice("web-1", WEB, Endpoint.ready("10.0.0.1", http).ending(false)))
                .with(web)
                .with(slice("web-2", WEB, Endpoint.ready("10.0.0.1", admin), Endpoint.ready("10.0.0.0", http)));
        List<Endpoint> endpoints = table.get(WEB).orElseThrow().endpoints();
        assertThat(endpoints).extracting(Endpoint::address).containsExactly("10.0.0.0", "10.0.0.1");
        assertThat(endpoints.get(1).ready()).isTrue();
        assertThat(endpoints.get(1).ports()).containsExactlyInAnyOrder(http, admin);
        assertThat(table.withoutSlice(new Key("shop", "web-2"))
                        .get(WEB)
                        .orElseThrow()
                        .ready())
                .isEmpty();
        assertThat(table.without(WEB).with(web).get(WEB)).isEqualTo(table.get(WEB));
        assertThat(table.get(OTHER)).isEmpty();
    }

    @Test
    void aSliceThatChangesItsServiceTellsBoth() {
        LiveTable live = new LiveTable();
        live.put(web);
        List<Set<Key>> heard = new ArrayList<>();
        live.onChange((table, services) -> heard.add(services));
        EndpointSlice before = slice("s", WEB, Endpoint.ready("10.0.0.1"));
        EndpointSlice after = slice("s", OTHER, Endpoint.ready("10.0.0.1"));
        live.put(before);
        live.slice(new Change.Modified<>(before.key(), before, after));
        assertThat(heard).containsExactly(Set.of(WEB), Set.of(WEB), Set.of(WEB, OTHER));
        assertThat(live.current().get(WEB).orElseThrow().endpoints()).isEmpty();
    }

    private static EndpointSlice slice(String name, Key service, Endpoint... endpoints) {
        return new EndpointSlice(new Key(service.namespace(), name), service, List.of(endpoints));
    }

    private static ObjectNode json(String text) {
        return (ObjectNode) new JsonMapper().readTree(text);
    }
}
