package io.jollyboat.network.loadbalancer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jollyboat.api.Api;
import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.ListOptions;
import io.jollyboat.api.Patch;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.Target;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.api.schema.BuiltInSchema;
import io.jollyboat.client.Key;
import io.jollyboat.network.Endpoint;
import io.jollyboat.network.EndpointPort;
import io.jollyboat.network.EndpointSlice;
import io.jollyboat.network.Protocol;
import io.jollyboat.network.ServiceMirror;
import io.jollyboat.server.Server;
import io.jollyboat.server.User;
import io.jollyboat.store.MemoryStore;
import io.jollyboat.testing.FreePort;
import io.jollyboat.world.ManualWorld;
import io.jollyboat.world.World;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Services of a real server get their addresses, lose them, and hear of clashes. */
class LoadBalancersTest {
    private static final Resource SERVICES = Resources.kind("v1", "Service");
    private static final Resource NODES = Resources.kind("v1", "Node");
    private static final WriteOptions TESTER = WriteOptions.by("tester");
    private static final InetAddress LOCAL = InetAddress.ofLiteral("127.0.0.1");
    private static final int MOST_STEPS = 1000;
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES, JsonReadFeature.ALLOW_UNQUOTED_PROPERTY_NAMES)
            .build();

    private final ManualWorld world = new ManualWorld(Instant.parse("2026-01-01T00:00:00Z"), 1);
    private final Api api = Server.over(world, new MemoryStore(), BuiltInSchema.schema())
            .build()
            .as(User.component("tester"));
    private final ServiceMirror mirror = new ServiceMirror(api, world);
    private LoadBalancers balancers = onLocalhost();
    private int port;

    @BeforeEach
    void start() throws IOException {
        api.create(Resources.kind("v1", "Namespace"), "", json("{metadata: {name: 'default'}}"), TESTER);
        port = FreePort.next();
    }

    @AfterEach
    void stop() {
        balancers.close();
        mirror.close();
    }

    private LoadBalancers onLocalhost() {
        return LoadBalancers.onLocalhost(world, api, mirror.table(), Dialer.own(), List.of(LOCAL));
    }

    private void settle() throws InterruptedException {
        boolean busy = true;
        for (int step = 0; busy; step++) {
            assertThat(step).as("steps until nothing is left to do").isLessThan(MOST_STEPS);
            busy = mirror.poll();
            busy |= balancers.poll();
        }
    }

    private static ObjectNode json(String text) {
        return (ObjectNode) JSON.readTree(text);
    }

    private void create(String name, String type, int... ports) throws InterruptedException {
        ObjectNode service =
                json("{metadata: {name: '%s'}, spec: {type: '%s', selector: {app: 'x'}}}".formatted(name, type));
        for (int number : ports) {
            service.withObjectProperty("spec")
                    .withArray("ports")
                    .addObject()
                    .put("name", "p" + number)
                    .put("port", number);
        }
        api.create(SERVICES, "default", service, TESTER);
        world.advance(Duration.ofSeconds(1));
        settle();
    }

    private void patch(String name, String patch) throws InterruptedException {
        api.patch(Target.of(SERVICES, "default", name), new Patch.Strategic(json(patch)), TESTER);
        settle();
    }

    private void delete(String name) throws InterruptedException {
        api.delete(Target.of(SERVICES, "default", name), DeleteOptions.DEFAULT);
        settle();
    }

    private JsonNode status(String name) {
        return api.get(Target.of(SERVICES, "default", name)).path("status");
    }

    private String ingress(String name) {
        return status(name).path("loadBalancer").path("ingress").toString();
    }

    private String condition(String name) {
        JsonNode condition = status(name).path("conditions").path(0);
        return condition.path("reason").stringValue("") + ": "
                + condition.path("message").stringValue("");
    }

    private List<String> events(String name) {
        return api
                .list(Resources.kind("v1", "Event"), "default", new ListOptions("", "", "", "", 100, ""))
                .items()
                .stream()
                .filter(event -> event.path("involvedObject")
                        .path("name")
                        .stringValue("")
                        .equals(name))
                .map(event -> "%s %s %s"
                        .formatted(
                                event.path("type").stringValue(""),
                                event.path("reason").stringValue(""),
                                event.path("message").stringValue("")))
                .toList();
    }

    private static boolean open(int number) {
        try (Socket socket = new Socket(LOCAL, number)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void aBalancerIsOnLocalhostAtOnceAndNobodyElse() throws Exception {
        create("web", "LoadBalancer", port);
        create("plain", "ClusterIP", port);
        assertThat(ingress("web")).isEqualTo("[{\"hostname\":\"localhost\"}]");
        assertThat(status("web").has("conditions")).isFalse();
        assertThat(ingress("plain")).isEmpty();
        assertThat(events("web")).containsExactly("Normal EnsuredLoadBalancer Ensured load balancer");
        assertThat(open(port)).isTrue();
    }

    @Test
    void startedItWorksByItself() throws Exception {
        try (LoadBalancers _ = LoadBalancers.onLocalhost(World.system(), api, mirror.table(), Dialer.own())) {
            api.create(SERVICES, "default", json("""
                    {metadata: {name: 'web'}, spec: {type: 'LoadBalancer', ports: [{port: %d}]}}""".formatted(port)), TESTER);
            Wait.until("it has its address", () -> ingress("web").equals("[{\"hostname\":\"localhost\"}]"));
            for (InetAddress address : Relay.loopback()) {
                try (Socket client = new Socket(address, port)) {
                    assertThat(client.isConnected()).isTrue();
                }
            }
            Wait.until("it is told", () -> !events("web").isEmpty());
        }
        assertThat(open(port)).isFalse();
    }

    @Test
    void aClassIsSomebodyElsesBusiness() throws Exception {
        api.create(SERVICES, "default", json("""
                {metadata: {name: 'web'}, spec: {type: 'LoadBalancer', loadBalancerClass: 'example.com/other',
                 ports: [{port: %d}]}}""".formatted(port)), TESTER);
        settle();
        assertThat(ingress("web")).isEmpty();
        assertThat(open(port)).isFalse();
    }

    @Test
    void anotherTypeLosesAddressAndPort() throws Exception {
        create("web", "LoadBalancer", port);
        patch("web", "{spec: {type: 'ClusterIP'}}");
        assertThat(ingress("web")).isEmpty();
        assertThat(open(port)).isFalse();
        patch("web", "{spec: {type: 'LoadBalancer'}}");
        assertThat(ingress("web")).isEqualTo("[{\"hostname\":\"localhost\"}]");
        assertThat(open(port)).isTrue();
        delete("web");
        assertThat(open(port)).isFalse();
    }

    @Test
    void portsFollowTheService() throws Exception {
        create("web", "LoadBalancer", port);
        int next = FreePort.next();
        patch("web", "{spec: {ports: [{$patch: 'replace'}, {name: 'p', port: %d}]}}".formatted(next));
        assertThat(open(port)).isFalse();
        assertThat(open(next)).isTrue();
    }

    @Test
    void aClashIsToldAndResolvedWhenTheOlderOneGoes() throws Exception {
        create("old", "LoadBalancer", port);
        create("young", "LoadBalancer", port);
        String told = "port %d/TCP belongs to Service default/old, which is older".formatted(port);
        assertThat(ingress("young")).isEmpty();
        assertThat(condition("young")).isEqualTo("PortClash: " + told);
        assertThat(events("young")).containsExactly("Warning PortClash " + told);
        assertThat(ingress("old")).isEqualTo("[{\"hostname\":\"localhost\"}]");
        delete("old");
        assertThat(ingress("young")).isEqualTo("[{\"hostname\":\"localhost\"}]");
        assertThat(status("young").path("conditions").size()).isZero();
        assertThat(events("young"))
                .containsExactlyInAnyOrder(
                        "Warning PortClash " + told, "Normal EnsuredLoadBalancer Ensured load balancer");
        assertThat(open(port)).isTrue();
    }

    @Test
    void aServiceThatGetsSomeOfItsPortsIsToldPortByPort() throws Exception {
        int other = FreePort.next();
        create("old", "LoadBalancer", port);
        create("young", "LoadBalancer", port, other);
        assertThat(JSON.readTree(ingress("young"))).isEqualTo(JSON.readTree("""
                        [{hostname: 'localhost', ports: [
                         {port: %d, protocol: 'TCP', error: 'jollyboat.io/PortClash'},
                         {port: %d, protocol: 'TCP'}]}]""".formatted(port, other)));
        assertThat(open(other)).isTrue();
    }

    @Test
    void aPortThatAnotherProgramHasIsTriedAgain() throws Exception {
        try (ServerSocket program = new ServerSocket(port, 1, LOCAL)) {
            create("web", "LoadBalancer", program.getLocalPort());
            assertThat(ingress("web")).isEmpty();
            assertThat(condition("web")).startsWith("PortNotAvailable: port %d/TCP cannot be opened: ".formatted(port));
        }
        settle();
        assertThat(ingress("web")).isEmpty();
        world.advance(LoadBalancers.AGAIN);
        settle();
        assertThat(ingress("web")).isEqualTo("[{\"hostname\":\"localhost\"}]");
        assertThat(open(port)).isTrue();
    }

    @Test
    void aNewControllerTakesOverWhatTheStatusesTell() throws Exception {
        create("b", "LoadBalancer", port);
        String before = api.get(Target.of(SERVICES, "default", "b")).toString();
        balancers.close();
        balancers = onLocalhost();
        settle();
        assertThat(api.get(Target.of(SERVICES, "default", "b"))).hasToString(before);
        assertThat(events("b")).hasSize(1);
        assertThat(open(port)).isTrue();
    }

    @Test
    void onNodesEveryReadyNodesAddressIsGiven() throws Exception {
        balancers.close();
        balancers = LoadBalancers.onNodesIdle(world, api, mirror.table());
        node("a", "10.41.0.1", "True");
        node("b", "10.41.0.2", "False");
        create("web", "LoadBalancer", 80);
        create("young", "LoadBalancer", 80, 443);
        assertThat(ingress("web")).isEqualTo("[{\"ip\":\"10.41.0.1\"}]");
        assertThat(ingress("young")).isEmpty();
        assertThat(condition("young")).startsWith("PortClash: ");
        node("c", "10.41.0.3", "True");
        settle();
        assertThat(JSON.readTree(ingress("web")).findValuesAsString("ip")).containsExactly("10.41.0.1", "10.41.0.3");
    }

    private final Map<String, List<String>> routes = new HashMap<>();

    private LoadBalancers ofPool(String pool) {
        return LoadBalancers.ofPoolsIdle(world, api, mirror.table(), List.of(AddressPool.of(pool)), ways -> {
            routes.clear();
            routes.putAll(ways);
        });
    }

    @Test
    void inThePoolEachHasAnAddressAndManyShareAPort() throws Exception {
        create("web", "LoadBalancer", 80);
        balancers.close();
        balancers = ofPool("10.41.0.128/29");
        node("a", "10.41.0.2", "True");
        create("more", "LoadBalancer", 80, 443);
        assertThat(ingress("web")).isEqualTo("[{\"ip\":\"10.41.0.129\"}]");
        assertThat(ingress("more")).isEqualTo("[{\"ip\":\"10.41.0.130\"}]");
        assertThat(routes).isEqualTo(Map.of("10.41.0.128/29", List.of("10.41.0.2")));
        String before = status("more").toString();
        balancers.close();
        balancers = ofPool("10.41.0.128/29");
        patch("web", "{spec: {type: 'NodePort'}}");
        assertThat(ingress("web")).isEmpty();
        assertThat(status("more")).hasToString(before);
        create("next", "LoadBalancer", 80);
        assertThat(ingress("next")).isEqualTo("[{\"ip\":\"10.41.0.129\"}]");
        balancers.close();
        balancers = onLocalhost();
        delete("more");
        settle();
        assertThat(ingress("next")).isEqualTo("[{\"hostname\":\"localhost\"}]");
    }

    @Test
    void anAddressThatIsAskedForIsGivenOrTold() throws Exception {
        balancers.close();
        balancers = ofPool("10.41.0.128/29");
        node("a", "10.41.0.2", "True");
        create("one", "LoadBalancer", 80);
        patch("one", "{spec: {loadBalancerIP: '10.41.0.132'}}");
        assertThat(ingress("one")).isEqualTo("[{\"ip\":\"10.41.0.132\"}]");
        create("two", "LoadBalancer", 80);
        patch("two", "{spec: {loadBalancerIP: '10.41.0.132'}}");
        assertThat(ingress("two")).isEmpty();
        assertThat(condition("two")).isEqualTo("AddressClash: address 10.41.0.132 belongs to Service default/one");
        assertThat(events("two")).contains("Warning AddressClash address 10.41.0.132 belongs to Service default/one");
        delete("one");
        assertThat(ingress("two")).isEqualTo("[{\"ip\":\"10.41.0.132\"}]");
        assertThat(status("two").path("conditions").size()).isZero();
    }

    @Test
    void theLocalPolicyLeadsToANodeWithAnEndpoint() throws Exception {
        balancers.close();
        balancers = ofPool("10.41.0.128/29");
        node("a", "10.41.0.2", "True");
        node("b", "10.41.0.3", "True");
        create("web", "LoadBalancer", 80);
        Map<String, List<String>> all = Map.of("10.41.0.128/29", List.of("10.41.0.2", "10.41.0.3"));
        assertThat(routes).isEqualTo(all);
        patch("web", "{spec: {externalTrafficPolicy: 'Local'}}");
        assertThat(routes).as("no endpoint yet").isEqualTo(all);
        endpointOn("b");
        assertThat(routes)
                .isEqualTo(Map.of(
                        "10.41.0.128/29", List.of("10.41.0.2", "10.41.0.3"), "10.41.0.129", List.of("10.41.0.3")));
        endpointOn("a");
        assertThat(routes).isEqualTo(all);
        patchNode("a", "{status: {conditions: [{type: 'Ready', status: 'False'}]}}");
        assertThat(routes).as("the node is lost").isEqualTo(Map.of("10.41.0.128/29", List.of("10.41.0.3")));
        patchNode("a", "{status: {conditions: [{type: 'Ready', status: 'True'}]}}");
        assertThat(routes)
                .as("who leads there goes on")
                .isEqualTo(Map.of(
                        "10.41.0.128/29", List.of("10.41.0.3", "10.41.0.2"), "10.41.0.129", List.of("10.41.0.2")));
        routes.clear();
        balancers.nodeIsLinked();
        settle();
        assertThat(routes).as("its routes had gone with its link").hasSize(2);
    }

    private void patchNode(String node, String status) throws InterruptedException {
        api.patch(Target.of(NODES, "", node).withSubresource("status"), new Patch.Strategic(json(status)), TESTER);
        settle();
    }

    private void endpointOn(String node) throws InterruptedException {
        Endpoint endpoint = Endpoint.ready("10.42.0.9", new EndpointPort("p80", Protocol.TCP, 80));
        mirror.table()
                .put(new EndpointSlice(
                        new Key("default", "web-1"), new Key("default", "web"), List.of(endpoint.on(node))));
        settle();
    }

    private void node(String name, String address, String ready) {
        api.create(NODES, "", json("{metadata: {name: '%s'}}".formatted(name)), TESTER);
        api.patch(
                Target.of(NODES, "", name).withSubresource("status"),
                new Patch.Merge(json("""
                        {status: {addresses: [{type: 'InternalIP', address: '%s'}, {type: 'Hostname', address: 'x'}],
                         conditions: [{type: 'Ready', status: '%s'}]}}""".formatted(address, ready))),
                TESTER);
    }

    @Test
    void aClientReachesTheEndpoint() throws Exception {
        create("web", "LoadBalancer", port);
        try (EchoServer server = EchoServer.start("pod")) {
            mirror.table()
                    .put(new EndpointSlice(
                            new Key("default", "web-1"),
                            new Key("default", "web"),
                            List.of(Endpoint.ready(
                                    "127.0.0.1", new EndpointPort("p" + port, Protocol.TCP, server.tcpPort())))));
            try (Socket client = new Socket(LOCAL, port)) {
                client.shutdownOutput();
                assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                        .isEqualTo("pod:");
            }
        }
        balancers.close();
        assertThatThrownBy(() -> new Socket(LOCAL, port).close()).isInstanceOf(IOException.class);
    }
}
