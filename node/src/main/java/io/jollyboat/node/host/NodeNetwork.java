package io.jollyboat.node.host;

import io.jollyboat.linux.LinuxException;
import io.jollyboat.linux.NetworkNamespace;
import io.jollyboat.linux.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The network of a nested node: a namespace, a pair of devices to the host, routes, and rules.
 *
 * <p>Each end of the pair has one /32 address, and the host's address is the same on every pair. Nodes reach each other
 * over links of their own ({@link NodeLinks}); what is no node's and no Pod's in the cluster's networks is unreachable.
 * All commands may be repeated: a start over what is there mends it.
 */
final class NodeNetwork {
    private static final Path CONF = Path.of("/proc/sys/net/ipv4/conf");
    private static final Path CONF6 = Path.of("/proc/sys/net/ipv6/conf");
    private static final Pattern DEFAULT_DEVICE = Pattern.compile("^default .*\\bdev (\\S+)", Pattern.MULTILINE);

    /** One node at a time is made or taken away: two that come at once would make the link between them twice. */
    private static final ReentrantLock ONE_AT_A_TIME = new ReentrantLock();

    private final NodeSettings settings;

    NodeNetwork(NodeSettings settings) {
        this.settings = settings;
    }

    NetworkNamespace create() {
        ONE_AT_A_TIME.lock();
        try {
            return createAlone();
        } finally {
            ONE_AT_A_TIME.unlock();
        }
    }

    private NetworkNamespace createAlone() {
        NetworkNamespace namespace = NetworkNamespace.create(settings.id());
        prepare(namespace);
        boolean linked = Files.exists(Path.of("/sys/class/net", settings.hostDevice()))
                && Program.result("", List.of("ip", "-n", settings.id(), "link", "show", "eth0"))
                                .status()
                        == 0;
        if (!linked) {
            removeDevice();
            Program.run(
                    "ip",
                    "link",
                    "add",
                    settings.hostDevice(),
                    "type",
                    "veth",
                    "peer",
                    "name",
                    "eth0",
                    "netns",
                    settings.id());
        }
        Program.feed(nodeCommands(settings), List.of("ip", "-n", settings.id(), "-batch", "-"));
        Program.feed(hostCommands(settings), List.of("ip", "-batch", "-"));
        Program.feed(nodeRules(settings), List.of("nsenter", "--net=" + settings.namespaceFile(), "nft", "-f", "-"));
        setHost();
        new NodeLinks(settings).make();
        return namespace;
    }

    void delete() {
        ONE_AT_A_TIME.lock();
        try {
            deleteAlone();
        } finally {
            ONE_AT_A_TIME.unlock();
        }
    }

    private void deleteAlone() {
        removeDevice();
        NetworkNamespace.delete(settings.id());
        for (String family : List.of("ip", "ip6")) {
            if (Program.result("", List.of("nft", "list", "table", family, settings.table()))
                            .status()
                    == 0) {
                Program.run("nft", "delete", "table", family, settings.table());
            }
        }
    }

    private void removeDevice() {
        if (Files.exists(Path.of("/sys/class/net", settings.hostDevice()))) {
            Program.run("ip", "link", "delete", settings.hostDevice());
        }
    }

    /** Before there are devices, which take these over: the node's ends of the Pods' devices among them. */
    private void prepare(NetworkNamespace namespace) {
        try {
            namespace.call(() -> {
                Files.writeString(Path.of("/proc/sys/net/ipv4/ip_forward"), "1");
                Files.writeString(CONF.resolve("all/send_redirects"), "0");
                Files.writeString(CONF.resolve("default/send_redirects"), "0");
                if (settings.hasIpv6()) {
                    Files.writeString(CONF6.resolve("default/accept_dad"), "0");
                    Files.writeString(CONF6.resolve("all/forwarding"), "1");
                }
                return true;
            });
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new LinuxException("cannot set the kernel up for the node: " + e.getMessage(), e);
        }
    }

    /** The host forwards packets only for nodes that may reach what is beyond it. */
    private void setHost() {
        try {
            Optional<String> outside = settings.uplink() ? uplinkDevice() : Optional.empty();
            if (outside.isPresent()) {
                for (String device : List.of(settings.hostDevice(), outside.get())) {
                    Files.writeString(CONF.resolve(device).resolve("forwarding"), "1");
                }
                Program.feed(hostRules(settings, outside.get()), List.of("nft", "-f", "-"));
            }
        } catch (IOException e) {
            throw new LinuxException("cannot set the kernel's forwarding: " + e.getMessage(), e);
        }
    }

    /** The device behind the host's default route. */
    private static Optional<String> uplinkDevice() {
        Matcher matcher = DEFAULT_DEVICE.matcher(Program.run("ip", "-4", "route", "show", "default"));
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    /** Lines for {@code ip -batch} inside the node. */
    static String nodeCommands(NodeSettings settings) {
        var lines = new StringBuilder("link set lo up\n");
        lines.append("link set eth0 up\n");
        for (NodeAddresses one : settings.addresses()) {
            lines.append("addr replace %s dev eth0%s\n".formatted(one.nodeAlone(), atOnce(one)));
            lines.append("route replace %s dev eth0\n".formatted(one.host()));
            if (goesOutside(settings, one)) {
                lines.append("route replace default via %s dev eth0\n".formatted(one.host()));
            }
            for (String network : List.of(one.podNetwork(), one.nodeNetwork())) {
                lines.append("route replace unreachable %s\n".formatted(network));
            }
        }
        return lines.toString();
    }

    /** Lines for {@code ip -batch} on the host. */
    static String hostCommands(NodeSettings settings) {
        String device = settings.hostDevice();
        var lines = new StringBuilder("link set %s up\n".formatted(device));
        for (NodeAddresses one : settings.addresses()) {
            lines.append(
                    "addr replace %s peer %s dev %s%s\n".formatted(one.host(), one.nodeAlone(), device, atOnce(one)));
            lines.append("route replace %s via %s dev %s onlink\n".formatted(one.podCidr(), one.node(), device));
        }
        return lines.toString();
    }

    /** IPv6 addresses serve without the second that the kernel would look for others who have them (RFC 4862, 5.4). */
    static String atOnce(NodeAddresses one) {
        return one.isIpv6() ? " nodad" : "";
    }

    /** IPv6 stays inside the machine: see docs/decisions/0005-dual-stack.md. */
    private static boolean goesOutside(NodeSettings settings, NodeAddresses one) {
        return settings.uplink() && !one.isIpv6();
    }

    /**
     * The node's own tables: Pods leave the cluster with the node's address, or not at all. The host sees that address
     * too, for its routes to Pods are those of one cluster, and there may be others.
     */
    static String nodeRules(NodeSettings settings) {
        StringBuilder text = new StringBuilder();
        for (NodeAddresses one : settings.addresses()) {
            String leaving = goesOutside(settings, one)
                    ? "  %1$s saddr %2$s %1$s daddr != { %3$s } oifname \"eth0\" masquerade\n }"
                    : " }\n chain forward { type filter hook forward priority filter; policy accept;\n"
                            + "  oifname \"eth0\" %1$s daddr != { %3$s } reject with %4$s\n }";
            String inside = one.podNetwork() + ", " + one.nodeNetwork();
            String refusal = one.isIpv6() ? "icmpv6 type no-route" : "icmp type net-unreachable";
            text.append("""
                    table %1$s %2$s
                    delete table %1$s %2$s
                    table %1$s %2$s {
                     chain postrouting { type nat hook postrouting priority srcnat; policy accept;
                      %1$s saddr %3$s %1$s daddr %4$s masquerade
                    %5$s
                    }
                    """.formatted(
                            one.family(),
                            settings.table(),
                            one.podCidr(),
                            one.host(),
                            leaving.formatted(one.family(), one.podCidr(), inside, refusal)));
        }
        return text.toString();
    }

    /** The one table on the host, only with an uplink: what leaves the machine takes the machine's address. */
    static String hostRules(NodeSettings settings, String outside) {
        return """
                table ip %1$s
                delete table ip %1$s
                table ip %1$s {
                 chain postrouting { type nat hook postrouting priority srcnat; policy accept;
                  ip saddr %2$s oifname "%3$s" masquerade
                 }
                }
                """.formatted(settings.table(), settings.primary().node(), outside);
    }
}
