package io.jollyboat.network.loadbalancer;

import io.jollyboat.linux.Program;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The routes of this machine, set with the program {@code ip} (ip-route(8)). */
record IpRoutes(AddressPool nodes) implements HostRoutes {
    /** Our mark on routes: a routing protocol's number that nobody is known to use (rtnetlink(7), rtm_protocol). */
    private static final int MARK = 241;

    private static final Pattern ROUTE = Pattern.compile("^(\\S+) via (\\S+) ", Pattern.MULTILINE);

    @Override
    public void set(Map<String, String> ways) {
        String commands =
                commands(present(Program.run("ip", "-4", "route", "show", "proto", String.valueOf(MARK))), ways);
        if (!commands.isEmpty()) {
            Program.feed(commands, List.of("ip", "-batch", "-"));
        }
    }

    /** Of the routes with our mark those of this cluster. */
    Map<String, String> present(String shown) {
        Map<String, String> found = new HashMap<>();
        Matcher routes = ROUTE.matcher(shown);
        while (routes.find()) {
            if (nodes.overlaps(routes.group(2))) {
                found.put(routes.group(1), routes.group(2));
            }
        }
        return found;
    }

    /** Lines for {@code ip -batch}. What somebody else's route covers is not taken away: the kernel then refuses. */
    static String commands(Map<String, String> present, Map<String, String> wanted) {
        StringBuilder lines = new StringBuilder();
        new TreeMap<>(present).forEach((network, via) -> {
            if (!wanted.containsKey(network)) {
                lines.append("route delete %s via %s proto %d\n".formatted(network, via, MARK));
            }
        });
        new TreeMap<>(wanted).forEach((network, via) -> {
            if (!via.equals(present.get(network))) {
                String verb = present.containsKey(network) ? "replace" : "add";
                lines.append("route %s %s via %s proto %d\n".formatted(verb, network, via, MARK));
            }
        });
        return lines.toString();
    }
}
