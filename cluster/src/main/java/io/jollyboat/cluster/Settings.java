package io.jollyboat.cluster;

import io.jollyboat.network.dns.DnsSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * All that can be set for a cluster; kept beside its data, so that a restart finds the same.
 *
 * @param name of the cluster; the default one is {@code jolly}
 * @param slot which of the 256 blocks of the node network is this cluster's: with 0 the nodes are 10.41.0.2 and on
 * @param apiPort on 127.0.0.1
 * @param registryPort of the image registry, on 127.0.0.1 and on the host's end of the node network
 * @param nodeNetwork the /16 from which each cluster takes a /24 for the links between the host and its nodes
 * @param podNetwork a /16; every node takes a /24 of it
 * @param serviceNetwork where ClusterIPs come from
 * @param dnsAddress of the cluster's DNS, inside the service network
 * @param uplink whether Pods may reach what lies outside of this machine
 * @param ipv6 whether nodes, Pods and Services have addresses of IPv6 besides, where the kernel has it
 * @param balancing how Services of type LoadBalancer are reached
 * @param dnsUpstreams who is asked for names that are not the cluster's, as {@link DnsSettings#upstream} reads them; with
 *     none the host's resolvers are, or nobody without an uplink
 * @param nodes how many it has, from 1 to {@value #MOST_NODES}
 */
public record Settings(
        String name,
        int slot,
        int apiPort,
        int registryPort,
        String nodeNetwork,
        String podNetwork,
        String serviceNetwork,
        String dnsAddress,
        String domain,
        boolean uplink,
        boolean ipv6,
        Balancing balancing,
        List<String> dnsUpstreams,
        int nodes) {
    public static final String DEFAULT_NAME = "jolly";
    public static final int DEFAULT_API_PORT = 6443;
    public static final int DEFAULT_REGISTRY_PORT = 5050;

    /** How many clusters fit side by side. */
    public static final int SLOTS = 256;

    /** Each node takes some 60 MiB for its containerd, and a link to every other: more of them try out nothing new. */
    public static final int MOST_NODES = 10;

    /** As many as glibc reads from resolv.conf(5). */
    private static final int MOST_UPSTREAMS = 3;

    public Settings {
        dnsUpstreams = List.copyOf(dnsUpstreams);
        if (nodes < 1 || nodes > MOST_NODES) {
            throw new IllegalArgumentException("a cluster has from 1 to " + MOST_NODES + " nodes, not " + nodes);
        }
    }

    /** The defaults for a cluster of that name. */
    public static Settings named(String name) {
        return new Settings(
                name,
                0,
                DEFAULT_API_PORT,
                DEFAULT_REGISTRY_PORT,
                "10.41.0.0/16",
                "10.42.0.0/16",
                "10.43.0.0/16",
                "10.43.0.10",
                "cluster.local",
                true,
                true,
                Balancing.DEFAULT,
                List.of(),
                1);
    }

    /** The same in another block of the node network and with other ports. */
    public Settings at(int slot, int apiPort, int registryPort) {
        return new Settings(
                name,
                slot,
                apiPort,
                registryPort,
                nodeNetwork,
                podNetwork,
                serviceNetwork,
                dnsAddress,
                domain,
                uplink,
                ipv6,
                balancing,
                dnsUpstreams,
                nodes);
    }

    public Settings withUplink(boolean uplink) {
        return with(uplink, ipv6, balancing, dnsUpstreams, nodes);
    }

    public Settings withIpv6(boolean ipv6) {
        return with(uplink, ipv6, balancing, dnsUpstreams, nodes);
    }

    public Settings withBalancing(Balancing balancing) {
        return with(uplink, ipv6, balancing, dnsUpstreams, nodes);
    }

    public Settings withDnsUpstreams(List<String> dnsUpstreams) {
        return with(uplink, ipv6, balancing, dnsUpstreams, nodes);
    }

    /** @throws IllegalArgumentException for a number out of range */
    public Settings withNodes(int nodes) {
        return with(uplink, ipv6, balancing, dnsUpstreams, nodes);
    }

    private Settings with(boolean uplink, boolean ipv6, Balancing balancing, List<String> dnsUpstreams, int nodes) {
        return new Settings(
                name,
                slot,
                apiPort,
                registryPort,
                nodeNetwork,
                podNetwork,
                serviceNetwork,
                dnsAddress,
                domain,
                uplink,
                ipv6,
                balancing,
                dnsUpstreams,
                nodes);
    }

    /**
     * Checks what is to become {@link #dnsUpstreams}.
     *
     * @throws IllegalArgumentException for what is no server's address, and for too many of them
     */
    public static void requireUpstreams(List<String> servers) {
        servers.forEach(DnsSettings::upstream);
        if (servers.size() > MOST_UPSTREAMS) {
            throw new IllegalArgumentException("at most " + MOST_UPSTREAMS + " servers can be given");
        }
    }

    /** The first address of the service network: the Service {@code kubernetes}. */
    public String kubernetesAddress() {
        String[] part = serviceNetwork.substring(0, serviceNetwork.indexOf('/')).split("\\.");
        return "%s.%s.%s.%d".formatted(part[0], part[1], part[2], Integer.parseInt(part[3]) + 1);
    }

    /** The host's end of the link to the node with that number (from 0), then the node's end. */
    public String hostAddress() {
        return block() + ".1";
    }

    public String nodeAddress(int number) {
        return block() + "." + (2 + number);
    }

    /** What its nodes are called, the first one first. */
    public List<String> nodeNames() {
        return IntStream.range(0, nodes)
                .mapToObj(number -> Nodes.name(name, number))
                .toList();
    }

    /** The part of the node network that is this cluster's, such as 10.41.0.0/24. */
    String nodeBlock() {
        return block() + ".0/24";
    }

    /** The same without its last part, such as 10.41.0. */
    String block() {
        String[] part = nodeNetwork.split("\\.");
        return part[0] + "." + part[1] + "." + slot;
    }

    /** What was written by {@link #write}; empty where there is no such file. */
    public static Optional<Settings> read(Path file) {
        try {
            JsonNode json = new JsonMapper().readTree(Files.readString(file));
            return Optional.of(new Settings(
                    text(json, "name"),
                    json.path("slot").asInt(),
                    json.path("apiPort").asInt(),
                    json.path("registryPort").asInt(),
                    text(json, "nodeNetwork"),
                    text(json, "podNetwork"),
                    text(json, "serviceNetwork"),
                    text(json, "dnsAddress"),
                    text(json, "domain"),
                    json.path("uplink").asBoolean(),
                    json.path("ipv6").asBoolean(true),
                    Balancing.of(json.path("loadBalancer").asString(Balancing.DEFAULT.toString())),
                    texts(json.path("dnsUpstreams")),
                    json.path("nodes").asInt(1)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException | JacksonException | IllegalArgumentException e) {
            throw new ClusterException(
                    file + " cannot be read (" + e.getMessage() + "): remove the cluster with `jolly delete`", e);
        }
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        for (JsonNode entry : list) {
            texts.add(entry.asString(""));
        }
        return texts;
    }

    private static String text(JsonNode json, String field) {
        String value = json.path(field).asString("");
        if (value.isEmpty()) {
            throw new ClusterException("the cluster's settings lack \"" + field
                    + "\": they are damaged; remove the cluster with `jolly delete`");
        }
        return value;
    }

    public void write(Path file) {
        ObjectNode json = new JsonMapper().createObjectNode();
        json.put("name", name)
                .put("slot", slot)
                .put("apiPort", apiPort)
                .put("registryPort", registryPort)
                .put("nodeNetwork", nodeNetwork)
                .put("podNetwork", podNetwork)
                .put("serviceNetwork", serviceNetwork)
                .put("dnsAddress", dnsAddress)
                .put("domain", domain)
                .put("uplink", uplink)
                .put("ipv6", ipv6)
                .put("loadBalancer", balancing.toString())
                .put("nodes", nodes);
        dnsUpstreams.forEach(json.putArray("dnsUpstreams")::add);
        WholeFiles.writeReadable(file, json.toPrettyString() + "\n");
    }
}
