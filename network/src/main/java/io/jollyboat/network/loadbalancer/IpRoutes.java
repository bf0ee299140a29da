package io.jollyboat.network.loadbalancer;

import io.jollyboat.linux.Program;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The routes of this machine, set with the program {@code ip} (ip-route(8)). Several to one network differ in their metric:
 * where the link of the first is gone, the kernel takes the second at once.
 *
 * @param nodes the networks of this cluster's nodes
 */
record IpRoutes(List<SourceRange> nodes) implements HostRoutes {
    /** Our mark on routes: a routing protocol's number that nobody is known to use (rtnetlink(7), rtm_protocol). */
    private static final int MARK = 241;

    private static final Pattern ROUTE =
            Pattern.compile("^(\\S+) via (\\S+) (?:.* metric ([0-9]+))?", Pattern.MULTILINE);

    /** The way to a network with a metric; of several the kernel takes the lowest. */
    record Hop(String network, int metric) implements Comparable<Hop> {
        @Override
        public int compareTo(Hop other) {
            int order = network.compareTo(other.network);
            return order == 0 ? Integer.compare(metric, other.metric) : order;
        }
    }

    /** All that the kernel takes is set, also when it refuses some: a node's link may be gone for a while. */
    @Override
    public void set(Map<String, List<String>> ways) {
        StringBuilder shown = new StringBuilder();
        for (String family : List.of("-4", "-6")) {
            shown.append(Program.result("", List.of("ip", family, "route", "show", "proto", String.valueOf(MARK)))
                    .output());
        }
        String commands = commands(present(shown.toString()), hops(ways));
        if (!commands.isEmpty()) {
            Program.feed(commands, List.of("ip", "-force", "-batch", "-"));
        }
    }

    static Map<Hop, String> hops(Map<String, List<String>> ways) {
        Map<Hop, String> hops = new TreeMap<>();
        ways.forEach((network, vias) -> {
            for (int i = 0; i < vias.size(); i++) {
                hops.put(new Hop(network, i + 1), vias.get(i));
            }
        });
        return hops;
    }

    /** Of the routes with our mark those of this cluster. */
    Map<Hop, String> present(String shown) {
        Map<Hop, String> found = new TreeMap<>();
        Matcher routes = ROUTE.matcher(shown);
        while (routes.find()) {
            InetAddress via = InetAddress.ofLiteral(routes.group(2));
            if (nodes.stream().anyMatch(network -> network.contains(via))) {
                int metric = routes.group(3) == null ? 0 : Integer.parseInt(routes.group(3));
                found.put(new Hop(routes.group(1), metric), routes.group(2));
            }
        }
        return found;
    }

    /** Lines for {@code ip -batch}: what is no longer wanted goes, what is missing or leads elsewhere is set. */
    static String commands(Map<Hop, String> present, Map<Hop, String> wanted) {
        List<String> lines = new ArrayList<>();
        present.forEach((hop, via) -> {
            if (!wanted.containsKey(hop)) {
                lines.add(line("delete", hop, via));
            }
        });
        wanted.forEach((hop, via) -> {
            if (!via.equals(present.get(hop))) {
                lines.add(line(present.containsKey(hop) ? "replace" : "add", hop, via));
            }
        });
        return String.join("", lines);
    }

    private static String line(String verb, Hop hop, String via) {
        return "route %s %s via %s proto %d metric %d\n".formatted(verb, hop.network, via, MARK, hop.metric);
    }
}
