package io.jollyboat.network.proxy;

import io.jollyboat.client.Key;
import io.jollyboat.network.Endpoint;
import io.jollyboat.network.EndpointPort;
import io.jollyboat.network.EndpointSlice;
import io.jollyboat.network.Protocol;
import io.jollyboat.network.Service;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Services and slices for tests. */
final class Samples {
    static final EndpointPort TCP = new EndpointPort("tcp", Protocol.TCP, 8080);
    static final EndpointPort UDP = new EndpointPort("udp", Protocol.UDP, 8080);

    private Samples() {}

    /** A Service of ports 80/TCP and 80/UDP, with more fields of its spec as JSON ("" for none). */
    static Service service(String name, String clusterIp, String more) {
        return service(name, clusterIp, 0, more);
    }

    static Service service(String name, String clusterIp, int nodePort, String more) {
        return Service.of((ObjectNode) new JsonMapper().readTree("""
                {"metadata": {"namespace": "test", "name": "%s"}, "spec": {"clusterIP": "%s",
                 "ports": [{"name": "tcp", "protocol": "TCP", "port": 80, "nodePort": %d},
                  {"name": "udp", "protocol": "UDP", "port": 80, "nodePort": %d}] %s}
                """.formatted(
                        name, clusterIp, nodePort, nodePort, more.contains("\"status\"") ? more : more + "}")));
    }

    static EndpointSlice slice(String service, Endpoint... endpoints) {
        return new EndpointSlice(new Key("test", service + "-x"), new Key("test", service), List.of(endpoints));
    }

    /** A Pod of the test's node. */
    static Endpoint pod(String name) {
        return Endpoint.ready(TestNode.PODS.get(name), TCP, UDP).on("n1");
    }

    /** The same Pod's other address. */
    static Endpoint pod6(String name) {
        return Endpoint.ready(TestNode.PODS6.get(name), TCP, UDP).on("n1");
    }

    static Endpoint remote6() {
        return Endpoint.ready(TestNode.REMOTE6, TCP, UDP).on("n2");
    }

    static Endpoint remote() {
        return Endpoint.ready(TestNode.REMOTE, TCP, UDP).on("n2");
    }
}
