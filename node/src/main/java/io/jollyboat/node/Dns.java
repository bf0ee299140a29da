package io.jollyboat.node;

import io.jollyboat.node.cri.v1.DNSConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What stands in a Pod's resolv.conf, by its DNS policy (Kubernetes' documentation, "DNS for Services and Pods"). */
record Dns(List<String> servers, List<String> searches, List<String> options) {
    private static final int SERVERS_LIMIT = 3;
    private static final int SEARCHES_LIMIT = 32;
    private static final Path NODES = Path.of("/etc/resolv.conf");

    Dns {
        servers = List.copyOf(servers);
        searches = List.copyOf(searches);
        options = List.copyOf(options);
    }

    /** @param node what the node itself has */
    static Dns of(Pod pod, AgentSettings settings, Dns node) {
        String policy = pod.spec().path("dnsPolicy").stringValue("ClusterFirst");
        boolean cluster =
                policy.equals("ClusterFirstWithHostNet") || policy.equals("ClusterFirst") && !pod.hostNetwork();
        Dns base = new Dns(List.of(), List.of(), List.of());
        if (cluster) {
            List<String> searches = new ArrayList<>(List.of(
                    pod.namespace() + ".svc." + settings.domain(), "svc." + settings.domain(), settings.domain()));
            searches.addAll(node.searches);
            base = new Dns(List.of(settings.dnsAddress()), searches, List.of("ndots:5"));
        } else if (!policy.equals("None")) {
            base = node;
        }
        return base.with(pod.spec().path("dnsConfig"));
    }

    private Dns with(JsonNode config) {
        List<String> allServers = new ArrayList<>(servers);
        config.path("nameservers").forEach(server -> allServers.add(server.stringValue("")));
        List<String> allSearches = new ArrayList<>(searches);
        config.path("searches").forEach(search -> allSearches.add(search.stringValue("")));
        Map<String, String> byName = new LinkedHashMap<>();
        options.forEach(option -> byName.put(option.split(":")[0], option));
        for (JsonNode option : config.path("options")) {
            String name = option.path("name").stringValue("");
            String value = option.path("value").stringValue("");
            byName.put(name, value.isEmpty() ? name : name + ":" + value);
        }
        return new Dns(
                allServers.stream().distinct().limit(SERVERS_LIMIT).toList(),
                allSearches.stream().distinct().limit(SEARCHES_LIMIT).toList(),
                List.copyOf(byName.values()));
    }

    DNSConfig config() {
        return DNSConfig.newBuilder()
                .addAllServers(servers)
                .addAllSearches(searches)
                .addAllOptions(options)
                .build();
    }

    /** The machine's own. */
    static Dns ofMachine() {
        try {
            return parse(Files.readString(NODES));
        } catch (IOException e) {
            return new Dns(List.of(), List.of(), List.of());
        }
    }

    static Dns parse(String resolvConf) {
        List<String> servers = new ArrayList<>();
        List<String> searches = new ArrayList<>();
        List<String> options = new ArrayList<>();
        for (String line : resolvConf.lines().toList()) {
            String[] words = line.strip().split("\\s+");
            List<String> rest = List.of(words).subList(1, words.length);
            switch (words[0]) {
                case "nameserver" -> servers.addAll(rest);
                case "search", "domain" -> {
                    searches.clear();
                    searches.addAll(rest);
                }
                case "options" -> options.addAll(rest);
                default -> {} // comments, and what resolvers no longer read
            }
        }
        return new Dns(servers, searches, options);
    }
}
