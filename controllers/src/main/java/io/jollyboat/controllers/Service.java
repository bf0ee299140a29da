package io.jollyboat.controllers;

import io.jollyboat.api.Meta;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.quota.Usage;
import io.jollyboat.client.Change;
import io.jollyboat.client.Index;
import io.jollyboat.client.Key;
import io.jollyboat.client.Snapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the controllers of endpoints need of a Service.
 *
 * <p>A Service and its Pods find each other by the <em>anchor</em>, the first label of its selector: the Service is indexed
 * under that one, a Pod under each of its labels. So a change of a Pod asks only the Services whose anchor it has,
 * and a Service asks only the Pods with its anchor, however many there are of either.
 *
 * @param selector empty where it selects nothing
 * @param families the main one first
 * @param publishNotReady whether all Pods count as ready
 * @param distribution {@code trafficDistribution}, or "" where it has none or {@code sharesZones}
 * @param sharesZones whether its traffic is shared out by zones, as an annotation asks ({@link ZoneShares})
 * @param usage what it takes of what quotas limit
 */
record Service(
        Metadata metadata,
        Instant created,
        Map<String, String> labels,
        Map<String, String> selector,
        boolean headless,
        List<String> families,
        boolean publishNotReady,
        List<Port> ports,
        String distribution,
        boolean sharesZones,
        Usage usage)
        implements Mirrored {
    /** Services that select Pods, by namespace and anchor. */
    static final Index<Service> BY_ANCHOR =
            new Index<>("anchor", service -> service.anchor().stream().toList());

    /** On the objects of Services without an address of their own. */
    static final String HEADLESS = "service.kubernetes.io/headless";

    private static final Resource KIND = Resources.kind("v1", "Service");
    private static final String TOLERATE_UNREADY = "service.alpha.kubernetes.io/tolerate-unready-endpoints";

    /**
     * One port.
     *
     * @param number of the Pods' port, 0 where it has a name
     * @param target name of the Pods' port, "" where it has a number
     */
    record Port(String name, String protocol, int number, String target, String appProtocol) {
        static Port of(JsonNode port) {
            JsonNode target = port.path("targetPort");
            String text = target.stringValue("");
            int number = target.intValue(0);
            return new Port(
                    port.path("name").stringValue(""),
                    port.path("protocol").stringValue("TCP"),
                    text.isEmpty() && number == 0 ? port.path("port").intValue(0) : number,
                    text,
                    port.path("appProtocol").stringValue(""));
        }

        /** The port that a Pod has for it. */
        Optional<EndpointPort> on(Backend pod) {
            Optional<Integer> found = target.isEmpty() ? Optional.of(number) : pod.number(target, protocol);
            return found.map(open -> new EndpointPort(name, protocol, open, appProtocol));
        }
    }

    Service {
        labels = Map.copyOf(labels);
        selector = Map.copyOf(selector);
        families = List.copyOf(families);
        ports = List.copyOf(ports);
    }

    static Service of(ObjectNode object) {
        JsonNode spec = object.path("spec");
        boolean external = spec.path("type").stringValue("").equals("ExternalName");
        Map<String, String> selector = new TreeMap<>();
        if (!external) {
            spec.path("selector").forEachEntry((key, value) -> selector.put(key, value.stringValue("")));
        }
        List<String> families = new ArrayList<>();
        spec.path("ipFamilies").forEach(family -> families.add(family.stringValue("")));
        List<Port> ports = new ArrayList<>();
        spec.path("ports").forEach(port -> ports.add(Port.of(port)));
        boolean sharesZones = ZoneShares.ANNOTATIONS.stream()
                .flatMap(name -> Meta.annotation(object, name).stream())
                .findFirst()
                .filter("auto"::equalsIgnoreCase)
                .isPresent();
        return new Service(
                Metadata.of(object),
                Meta.creationTimestamp(object).orElse(Instant.EPOCH),
                Meta.labels(object),
                selector,
                spec.path("clusterIP").stringValue("").equals("None"),
                families.isEmpty() ? List.of(EndpointSlice.IPV4) : families,
                spec.path("publishNotReadyAddresses").booleanValue(false)
                        || Meta.annotation(object, TOLERATE_UNREADY)
                                .filter("true"::equals)
                                .isPresent(),
                ports,
                sharesZones ? "" : spec.path("trafficDistribution").stringValue(""),
                sharesZones,
                Usage.of(KIND, object));
    }

    @Override
    public Optional<Usage> taken() {
        return Optional.of(usage);
    }

    /** Whether its endpoints follow Pods; if not they come from elsewhere, or there are none. */
    boolean selects() {
        return !selector.isEmpty();
    }

    /** The Services that select a Pod. */
    static Collection<Key> selecting(Snapshot<Service> services, Pod pod) {
        String namespace = pod.metadata().key().namespace();
        List<Key> found = new ArrayList<>();
        pod.labels().forEach((label, value) -> {
            for (Service service : services.in(BY_ANCHOR, Pod.place(namespace, label, value))) {
                if (pod.labels().entrySet().containsAll(service.selector.entrySet())) {
                    found.add(service.metadata.key());
                }
            }
        });
        return found;
    }

    /** The Services to which a change of a Pod matters. */
    static Collection<Key> concerned(Snapshot<Service> services, Change<Pod> change) {
        if (change instanceof Change.Modified<Pod> modified && modified.after().servesLike(modified.before())) {
            return List.of();
        }
        List<Key> found = new ArrayList<>();
        change.versions().forEach(pod -> found.addAll(selecting(services, pod)));
        return found;
    }

    /** The Pods that it selects, in the order of their names. */
    List<Pod> selected(Snapshot<Pod> pods) {
        return anchor().stream()
                .flatMap(place -> pods.in(Pod.BY_LABEL, place).stream())
                .filter(pod -> pod.labels().entrySet().containsAll(selector.entrySet()))
                .sorted(Comparator.comparing(pod -> pod.metadata().key().name()))
                .toList();
    }

    /** The hostname that a Pod has below its name; "" for none. */
    String hostname(Pod pod) {
        Backend backend = pod.backend();
        return backend.subdomain().equals(metadata.key().name()) ? backend.hostname() : "";
    }

    /**
     * The ports on which a Pod answers for it: those that it lacks are left out.
     */
    List<EndpointPort> portsOn(Pod pod) {
        return ports.stream().flatMap(port -> port.on(pod.backend()).stream()).toList();
    }

    private Optional<String> anchor() {
        return selector.entrySet().stream()
                .min(Map.Entry.comparingByKey())
                .map(first -> Pod.place(metadata.key().namespace(), first.getKey(), first.getValue()));
    }
}
