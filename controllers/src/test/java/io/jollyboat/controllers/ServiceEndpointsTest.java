package io.jollyboat.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.controllers.Endpoint.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.node.ObjectNode;

class ServiceEndpointsTest {
    private static final Map<String, String> ZONES = Map.of("n1", "z1", "n2", "z2", "n3", "");

    @TestFactory
    Stream<DynamicTest> slicesAndEndpoints() {
        return Tables.rows("service-endpoints.txt").stream()
                .map(row -> DynamicTest.dynamicTest(row.getFirst(), () -> {
                    Service service = service(row.get(1), "{}");
                    List<Pod> pods = Stream.of(row.get(2).split(", "))
                            .map(ServiceEndpointsTest::pod)
                            .filter(pod -> pod.labels().containsValue("a"))
                            .sorted((a, b) -> a.metadata()
                                    .key()
                                    .name()
                                    .compareTo(b.metadata().key().name()))
                            .toList();
                    assertThat(slices(service, pods)).isEqualTo(row.get(3));
                    assertThat(subsets(ServiceSubsets.of(service, pods))).isEqualTo(row.get(4));
                }));
    }

    @Test
    void labelsAreTheServicesOwnAndThoseThatTie() {
        Service service = service("{clusterIP:'None'}", "{x:'y','endpointslice.kubernetes.io/managed-by':'me'}");
        assertThat(ServiceEndpoints.outline(service).labels())
                .containsOnly(
                        Map.entry("x", "y"),
                        Map.entry("kubernetes.io/service-name", "s"),
                        Map.entry("endpointslice.kubernetes.io/managed-by", "endpointslice-controller.k8s.io"),
                        Map.entry("service.kubernetes.io/headless", ""));
        assertThat(ServiceSubsets.labels(service("{}", "{x:'y'}")))
                .containsOnly(
                        Map.entry("x", "y"), Map.entry("endpoints.kubernetes.io/managed-by", "endpoint-controller"));
    }

    @Test
    void readyAddressesComeFirstWhenThereAreTooMany() {
        List<Pod> pods = new ArrayList<>();
        IntStream.range(0, 700).forEach(i -> pods.add(pod("a" + i + " " + i + " not")));
        IntStream.range(700, 1500).forEach(i -> pods.add(pod("b" + i + " " + i)));
        List<Endpoints.Subset> all = ServiceSubsets.of(service("{ports:[{port:80}]}", "{}"), pods);
        assertThat(ServiceSubsets.overCapacity(all)).isTrue();
        Endpoints.Subset limited = ServiceSubsets.limited(all).getFirst();
        assertThat(limited.ready()).hasSize(800);
        assertThat(limited.notReady()).hasSize(200);
    }

    private static Service service(String spec, String labels) {
        ObjectNode object =
                SmallCluster.json("{metadata:{name:'s',namespace:'n',labels:%s},spec:%s}".formatted(labels, spec));
        object.withObject("spec").putObject("selector").put("app", "a");
        return Service.of(object);
    }

    private static Pod pod(String text) {
        String[] words = text.split(" ");
        ObjectNode object = SmallCluster.json(
                "{metadata:{name:'%s',namespace:'n',uid:'%s',labels:{app:'a'}}}".formatted(words[0], words[0]));
        ObjectNode spec = object.putObject("spec").put("nodeName", "n1");
        ObjectNode status = object.putObject("status").put("phase", "Running");
        ObjectNode ready =
                status.putArray("conditions").addObject().put("type", "Ready").put("status", "True");
        var containers = spec.putArray("containers");
        var initContainers = spec.putArray("initContainers");
        if (!words[1].equals("-")) {
            status.put("podIP", "10.42.0." + words[1]);
        }
        for (int i = 2; i < words.length; i++) {
            String[] parts = words[i].split("[=:]");
            ObjectNode metadata = (ObjectNode) object.get("metadata");
            switch (parts[0]) {
                case "not" -> ready.put("status", "False");
                case "going" -> metadata.put("deletionTimestamp", "2026-01-01T00:00:00Z");
                case "phase" -> status.put("phase", parts[1]);
                case "node" -> spec.put("nodeName", parts[1]);
                case "host" -> spec.put("hostname", parts[1]);
                case "sub" -> spec.put("subdomain", parts[1]);
                case "app" -> metadata.putObject("labels").put("app", parts[1]);
                case "v6" -> status.putArray("podIPs").addObject().put("ip", "fd00::" + words[1]);
                case "port" -> port(containers.addObject(), parts);
                case "init" -> port(initContainers.addObject(), parts);
                case "sidecar" -> port(initContainers.addObject().put("restartPolicy", "Always"), parts);
                default -> throw new IllegalArgumentException(words[i]);
            }
        }
        return Pod.of(object);
    }

    private static void port(ObjectNode container, String[] parts) {
        container
                .putArray("ports")
                .addObject()
                .put("name", parts[1])
                .put("protocol", "TCP")
                .put("containerPort", Integer.parseInt(parts[2]));
    }

    private static Optional<Node> node(String name) {
        return Optional.ofNullable(ZONES.get(name))
                .map(zone -> Node.of(SmallCluster.json(
                        "{metadata:{name:'%s',labels:{'topology.kubernetes.io/zone':'%s'}}}".formatted(name, zone))));
    }

    private static String slices(Service service, List<Pod> pods) {
        List<String> found = new ArrayList<>();
        ServiceEndpoints.of(service, pods, ServiceEndpointsTest::node)
                .forEach((group, endpoints) -> found.add(group.family() + " " + ports(group.ports()) + ": "
                        + endpoints.stream().map(ServiceEndpointsTest::words).collect(Collectors.joining(" "))));
        return found.isEmpty() ? "-" : String.join("; ", found);
    }

    private static String words(Endpoint endpoint) {
        StringBuilder text = new StringBuilder(endpoint.addresses().getFirst().replaceFirst(".*[.:]", ""));
        text.append(endpoint.state().ready() == Answer.YES ? "R" : "");
        text.append(endpoint.state().serving() == Answer.YES ? "S" : "");
        text.append(endpoint.state().terminating() == Answer.YES ? "T" : "");
        text.append(endpoint.zone().isEmpty() ? "" : "@" + endpoint.zone());
        text.append(endpoint.hostname().isEmpty() ? "" : "h=" + endpoint.hostname());
        endpoint.zones().forEach(zone -> text.append('>').append(zone));
        endpoint.nodes().forEach(node -> text.append('>').append(node));
        return text.toString();
    }

    private static String subsets(List<Endpoints.Subset> subsets) {
        List<String> found = new ArrayList<>();
        for (Endpoints.Subset subset : subsets) {
            String ready = addresses(subset.ready());
            String notReady = subset.notReady().isEmpty() ? "" : " / " + addresses(subset.notReady());
            found.add(ports(subset.ports()) + ": " + ready + notReady);
        }
        return found.isEmpty() ? "-" : String.join("; ", found);
    }

    private static String addresses(List<Endpoints.Address> addresses) {
        return addresses.stream()
                .map(address -> address.ip().replaceFirst(".*[.:]", "")
                        + (address.hostname().isEmpty() ? "" : "h=" + address.hostname()))
                .collect(Collectors.joining(" "));
    }

    private static String ports(List<EndpointPort> ports) {
        return ports.stream()
                .map(port -> (port.name().isEmpty() ? "" : port.name() + "=")
                        + port.number()
                        + (port.protocol().equals("TCP") ? "" : "/" + port.protocol())
                        + (port.appProtocol().isEmpty() ? "" : "/" + port.appProtocol()))
                .collect(Collectors.joining(" "));
    }
}
