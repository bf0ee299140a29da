package io.jollyboat.network.proxy;

import io.jollyboat.api.Ip;
import io.jollyboat.client.Key;
import io.jollyboat.network.Protocol;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A Pod of this node that answers at ports of the node: what the proxy needs of it.
 *
 * @param key with {@link #MARK} before the Pod's name, so that no Service has it
 * @param addresses the Pod's, of each family; none before it runs and after it has ended
 */
record HostPod(Key key, List<Ip> addresses, List<HostPort> ports) implements Row {
    /** Not allowed in a Service's name. */
    static final String MARK = "pod/";

    /**
     * One port.
     *
     * @param hostIp at which of the node's addresses it answers; "" for all, 0.0.0.0 and :: for all of a family
     */
    record HostPort(String hostIp, Protocol protocol, int number, int target) {}

    HostPod {
        addresses = List.copyOf(addresses);
        ports = List.copyOf(ports);
    }

    /** The projection of a v1 Pod. One that shares the node's network needs no help: it has no ports here. */
    static HostPod of(ObjectNode pod) {
        Key own = Key.of(pod);
        JsonNode spec = pod.path("spec");
        List<HostPort> ports = new ArrayList<>();
        if (!spec.path("hostNetwork").booleanValue(false)) {
            spec.path("containers").forEach(container -> add(ports, container));
            spec.path("initContainers").forEach(container -> add(ports, container));
        }
        String phase = pod.path("status").path("phase").stringValue("");
        List<Ip> addresses = new ArrayList<>();
        if (!ports.isEmpty() && !phase.equals("Succeeded") && !phase.equals("Failed")) {
            for (JsonNode entry : pod.path("status").path("podIPs")) {
                Ip.read(entry.path("ip").stringValue("")).ifPresent(addresses::add);
            }
        }
        return new HostPod(new Key(own.namespace(), MARK + own.name()), addresses, ports);
    }

    private static void add(List<HostPort> ports, JsonNode container) {
        for (JsonNode port : container.path("ports")) {
            int number = port.path("hostPort").intValue(0);
            if (number > 0) {
                ports.add(new HostPort(
                        port.path("hostIP").stringValue(""),
                        Protocol.of(port.path("protocol").stringValue("TCP")),
                        number,
                        port.path("containerPort").intValue(0)));
            }
        }
    }

    boolean isServed() {
        return !addresses.isEmpty() && !ports.isEmpty();
    }
}
