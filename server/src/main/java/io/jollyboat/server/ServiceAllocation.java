package io.jollyboat.server;

import io.jollyboat.api.Ip;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.Target;
import io.jollyboat.server.validation.Validation;
import io.jollyboat.world.World;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Gives Services their addresses and node ports. What is given out stands in the stored Services alone: this class
 * reads them when it begins and follows every write since, so that a crash can neither leak nor double anything. What
 * a write takes is taken before it is stored, and given back if it is not.
 */
final class ServiceAllocation implements Step {
    private static final Resource SERVICE = Resources.kind("v1", "Service");
    private static final String CLUSTER_IPS = "clusterIPs";
    private static final String NODE_PORT = "nodePort";
    private static final String HEALTH_PORT = "healthCheckNodePort";
    private static final String TAKEN = "provided port is already allocated";

    private final int firstPort;
    private final int lastPort;
    private final Map<String, AddressPool> addresses = new LinkedHashMap<>(); // by family; guarded by this
    private final Band ports; // guarded by this

    /** @param storage its Services tell what is taken; nobody may write yet */
    ServiceAllocation(World world, Settings settings, Storage storage) {
        for (String cidr : settings.serviceCidrs()) {
            AddressRange range = AddressRange.parse(cidr);
            addresses.put(range.family(), new AddressPool(range, world.random()));
        }
        firstPort = settings.firstNodePort();
        lastPort = settings.lastNodePort();
        int count = lastPort - firstPort + 1;
        ports = new Band(count, Math.min(Math.max(16, count / 32), 128), world.random());
        storage.all(SERVICE, "").forEach(service -> take(Holding.of(service, this)));
    }

    /** What one Service holds: addresses of the ranges, and ports as numbers of their band. */
    private record Holding(Set<Ip> addresses, Set<Integer> ports) {
        static Holding of(JsonNode service, ServiceAllocation allocation) {
            Holding holding = new Holding(new HashSet<>(), new HashSet<>());
            if (!ServiceShape.hasClusterIp(service)) {
                return holding;
            }
            for (JsonNode address : service.path("spec").path(CLUSTER_IPS)) {
                Ip.read(address.stringValue(""))
                        .filter(ip -> allocation.pool(ip).isPresent())
                        .ifPresent(holding.addresses::add);
            }
            for (JsonNode port : service.path("spec").path("ports")) {
                holding.addPort(port.path(NODE_PORT), allocation);
            }
            holding.addPort(service.path("spec").path(HEALTH_PORT), allocation);
            return holding;
        }

        private void addPort(JsonNode port, ServiceAllocation allocation) {
            int number = allocation.number(port);
            if (allocation.ports.holds(number)) {
                ports.add(number);
            }
        }

        Holding without(Holding other) {
            Holding rest = new Holding(new HashSet<>(addresses), new HashSet<>(ports));
            rest.addresses.removeAll(other.addresses);
            rest.ports.removeAll(other.ports);
            return rest;
        }
    }

    @Override
    public void take(Write write) {
        if (!write.kind().equals(ServiceShape.KIND)
                || !write.target().subresource().isEmpty()) {
            return;
        }
        Holding before = write.before()
                .map(service -> Holding.of(service, this))
                .orElseGet(() -> new Holding(Set.of(), Set.of()));
        synchronized (this) {
            giveAddresses(write, before);
            Set<Integer> chosen = new HashSet<>();
            givePorts(write, before, chosen);
            giveHealthPort(write, before, chosen);
            Holding after = Holding.of(write.after(), this);
            Holding gained = after.without(before);
            Holding lost = before.without(after);
            take(gained);
            write.settle(() -> release(lost), () -> release(gained));
        }
    }

    /** Frees what a deleted Service held. */
    void deleted(Target target, ObjectNode object) {
        if (target.resource().qualifiedPlural().equals(ServiceShape.KIND)) {
            release(Holding.of(object, this));
        }
    }

    /** The families of addresses that there are, the primary one first. */
    List<String> families() {
        return List.copyOf(addresses.keySet());
    }

    /** The pool that has an address to give. */
    private Optional<AddressPool> pool(Ip address) {
        return Optional.ofNullable(addresses.get(ServiceShape.family(address))).filter(pool -> pool.holds(address));
    }

    private synchronized void take(Holding holding) {
        holding.addresses.forEach(ip -> pool(ip).orElseThrow().take(ip));
        holding.ports.forEach(ports::take);
    }

    private synchronized void release(Holding holding) {
        holding.addresses.forEach(ip -> pool(ip).orElseThrow().release(ip));
        holding.ports.forEach(ports::release);
    }

    /** One address for each of the families, which are known by now: the one asked for, or any. */
    private void giveAddresses(Write write, Holding before) {
        ObjectNode service = write.after();
        if (!ServiceShape.hasClusterIp(service) || ServiceShape.isHeadless(service)) {
            return;
        }
        if (!Validation.serviceAddresses(service).isEmpty()) {
            return; // to be refused for that soon, with whatever else is wrong
        }
        ObjectNode spec = service.withObjectProperty("spec");
        List<String> families = ServiceShape.texts(spec.path("ipFamilies"));
        List<String> asked = ServiceShape.texts(spec.path(CLUSTER_IPS));
        for (String address : asked) {
            requireFree(write, before, address);
        }
        if (asked.size() >= families.size()) {
            return;
        }
        ArrayNode given = spec.putArray(CLUSTER_IPS);
        asked.forEach(given::add);
        for (String family : families.subList(asked.size(), families.size())) {
            given.add(Optional.ofNullable(addresses.get(family))
                    .flatMap(AddressPool::choose)
                    .orElseThrow(() -> full("serviceIP")));
        }
        spec.set("clusterIP", given.get(0));
    }

    private void requireFree(Write write, Holding before, String asked) {
        boolean kept = write.before()
                .map(service -> ServiceShape.texts(service.path("spec").path(CLUSTER_IPS)))
                .filter(addresses -> addresses.contains(asked))
                .isPresent();
        if (kept) {
            return;
        }
        Ip ip = Ip.parse(asked);
        if (pool(ip).isEmpty()) {
            String ranges = Optional.ofNullable(addresses.get(ServiceShape.family(ip)))
                    .map(pool -> pool.range().cidr())
                    .orElse("");
            throw notAllocated(
                    write,
                    asked,
                    "the provided IP (%s) is not in the valid range. The range of valid IPs is %s"
                            .formatted(asked, ranges));
        }
        if (!pool(ip).get().isFree(ip) && !before.addresses.contains(ip)) {
            throw notAllocated(write, asked, "provided IP is already allocated");
        }
    }

    private static StatusException notAllocated(Write write, String address, String why) {
        return ServiceFields.refused(
                write,
                CLUSTER_IPS,
                write.after().path("spec").path(CLUSTER_IPS),
                "failed to allocate IP %s: %s".formatted(address, why));
    }

    private void givePorts(Write write, Holding before, Set<Integer> chosen) {
        if (!ServiceShape.hasNodePorts(write.after())) {
            return;
        }
        JsonNode list = write.after().path("spec").path("ports");
        Map<Integer, Integer> byPort = new HashMap<>();
        for (int i = 0; i < list.size(); i++) {
            JsonNode asked = list.path(i).path(NODE_PORT);
            if (asked.intValue(0) != 0) {
                if (chosen.add(number(asked))) {
                    checkPort(write, before, "ports[" + i + "]." + NODE_PORT, asked);
                }
                byPort.putIfAbsent(list.path(i).path("port").intValue(0), asked.intValue(0));
            }
        }
        if (!ServiceShape.givesNodePorts(write.after())) {
            return;
        }
        for (JsonNode port : list) {
            if (port.path(NODE_PORT).intValue(0) == 0) {
                int number = byPort.computeIfAbsent(port.path("port").intValue(0), p -> choosePort(chosen));
                ((ObjectNode) port).put(NODE_PORT, number);
            }
        }
    }

    private void giveHealthPort(Write write, Holding before, Set<Integer> chosen) {
        if (!ServiceShape.hasHealthCheck(write.after())) {
            return;
        }
        ObjectNode spec = write.after().withObjectProperty("spec");
        JsonNode asked = spec.path(HEALTH_PORT);
        if (asked.intValue(0) == 0) {
            spec.put(HEALTH_PORT, choosePort(chosen));
        } else if (write.before().filter(ServiceShape::hasHealthCheck).isEmpty()) {
            checkPort(write, before, HEALTH_PORT, asked);
        }
    }

    /** Chooses a port that is neither taken nor among those chosen before. */
    private int choosePort(Set<Integer> chosen) {
        int number = ports.choose(chosen).orElseThrow(() -> full("nodePort"));
        chosen.add(number);
        return firstPort + number - 1;
    }

    private void checkPort(Write write, Holding before, String field, JsonNode asked) {
        int number = number(asked);
        if (!ports.holds(number)) {
            throw ServiceFields.refused(
                    write,
                    field,
                    asked,
                    "provided port is not in the valid range. The range of valid ports is %d-%d"
                            .formatted(firstPort, lastPort));
        }
        if (!ports.isFree(number) && !before.ports.contains(number)) {
            throw ServiceFields.refused(write, field, asked, TAKEN);
        }
    }

    private int number(JsonNode port) {
        return port.intValue(0) - firstPort + 1;
    }

    private static StatusException full(String what) {
        return StatusException.of(
                Reason.INTERNAL_ERROR,
                "Internal error occurred: failed to allocate a %s: range is full".formatted(what));
    }
}
