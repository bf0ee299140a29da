package io.jollyboat.server.http.proxy;

import io.jollyboat.api.Api;
import io.jollyboat.api.ListOptions;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** Finds the Pod and the port that an address in the path means. */
final class Destinations {
    private static final Resource POD = Resources.kind("v1", "Pod");
    private static final Resource SERVICE = Resources.kind("v1", "Service");
    private static final Resource SLICE = Resources.kind("discovery.k8s.io/v1", "EndpointSlice");
    private static final int HTTP = 80;

    private final Api api;
    private final RandomGenerator random;

    /** @param api with the right to read Pods, Services and their endpoints */
    Destinations(Api api, RandomGenerator random) {
        this.api = api;
        this.random = random;
    }

    /** A port of a Pod. */
    record Destination(Target pod, int port) {}

    /** A Pod's port: the one named, else the first that a container declares, else 80. */
    Destination pod(String namespace, Address address) {
        Target target = Target.of(POD, namespace, address.name());
        JsonNode pod = api.get(target);
        if (address.port().isEmpty()) {
            return new Destination(target, declared(pod, "").findFirst().orElse(HTTP));
        }
        return new Destination(
                target,
                number(address.port())
                        .or(() -> declared(pod, address.port()).findFirst())
                        .orElseThrow(() -> StatusException.badRequest(
                                "invalid pod request \"%s:%s\"".formatted(address.name(), address.port()))));
    }

    private static Stream<Integer> declared(JsonNode pod, String name) {
        return elements(pod.at("/spec/containers"))
                .flatMap(container -> elements(container.path("ports")))
                .filter(port -> name.isEmpty() || port.path("name").asString("").equals(name))
                .map(port -> port.path("containerPort").asInt());
    }

    /**
     * One of the ready endpoints of a Service, by chance.
     *
     * @throws StatusException 503 in Kubernetes' words when there is none
     */
    Destination service(String namespace, Address address) {
        JsonNode service = api.get(Target.of(SERVICE, namespace, address.name()));
        String port = portName(service, address);
        List<Destination> ready = new ArrayList<>();
        ListOptions own = ListOptions.labels("kubernetes.io/service-name=" + address.name());
        for (JsonNode slice : api.list(SLICE, namespace, own).items()) {
            Optional<Integer> number = elements(slice.path("ports"))
                    .filter(p -> p.path("name").asString("").equals(port))
                    .map(p -> p.path("port").asInt())
                    .findFirst();
            number.ifPresent(n -> elements(slice.path("endpoints"))
                    .filter(e -> e.at("/conditions/ready").asBoolean(true))
                    .filter(e -> e.at("/targetRef/kind").asString("").equals("Pod"))
                    .map(e -> Target.of(POD, namespace, e.at("/targetRef/name").asString("")))
                    .forEach(pod -> ready.add(new Destination(pod, n))));
        }
        if (ready.isEmpty()) {
            throw unavailable("no endpoints available for service \"%s\"".formatted(address.name()));
        }
        return ready.get(random.nextInt(ready.size()));
    }

    /** Endpoints know ports by name; a number in the path is that of the Service's port. */
    private static String portName(JsonNode service, Address address) {
        Optional<Integer> number = number(address.port());
        if (number.isEmpty()) {
            return address.port();
        }
        return elements(service.at("/spec/ports"))
                .filter(port -> port.path("port").asInt() == number.get())
                .map(port -> port.path("name").asString(""))
                .findFirst()
                .orElseThrow(() -> unavailable(
                        "no service port %d found for service \"%s\"".formatted(number.get(), address.name())));
    }

    private static Optional<Integer> number(String port) {
        return port.matches("[0-9]{1,5}") ? Optional.of(Integer.valueOf(port)) : Optional.empty();
    }

    private static Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    static StatusException unavailable(String message) {
        return StatusException.of(Reason.SERVICE_UNAVAILABLE, message);
    }
}
