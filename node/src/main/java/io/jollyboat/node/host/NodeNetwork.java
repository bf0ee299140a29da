package io.jollyboat.node.host;

import io.jollyboat.linux.LinuxException;
import io.jollyboat.linux.NetworkNamespace;
import io.jollyboat.linux.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The network of a nested node: a namespace, a pair of devices to the host, routes, and rules.
 *
 * <p>Each end of the pair has one /32 address, so nodes need no shared link: the host is the router between them. The
 * host's address is the same on every pair. All commands may be repeated: a start over what is there mends it.
 */
final class NodeNetwork {
    private static final Path CONF = Path.of("/proc/sys/net/ipv4/conf");
    private static final Path CONF6 = Path.of("/proc/sys/net/ipv6/conf");
    private static final Pattern DEFAULT_DEVICE = Pattern.compile("^default .*\\bdev (\\S+)", Pattern.MULTILINE);

    private final NodeSettings settings;

    NodeNetwork(NodeSettings settings) {
        this.settings = settings;
    }

    NetworkNamespace create() {
        NetworkNamespace namespace = NetworkNamespace.create(settings.id());
        if (settings.hasIpv6()) {
            prepareIpv6(namespace);
        }
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
        setKernel(namespace);
        return namespace;
    }

    void delete() {
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
    private static void prepareIpv6(NetworkNamespace namespace) {
        try {
            namespace.call(() -> {
                Files.writeString(CONF6.resolve("default/accept_dad"), "0");
                Files.writeString(CONF6.resolve("all/forwarding"), "1");
                return true;
            });
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new LinuxException("cannot set IPv6 up for the node", e);
        }
    }

    private void setKernel(NetworkNamespace namespace) {
        try {
            namespace.call(() -> {
                Files.writeString(Path.of("/proc/sys/net/ipv4/ip_forward"), "1");
                Files.writeString(CONF.resolve("all/send_redirects"), "0");
                Files.writeString(CONF.resolve("eth0/send_redirects"), "0");
                return true;
            });
            Files.writeString(CONF.resolve(settings.hostDevice()).resolve("forwarding"), "1");
            forwardIpv6();
            Optional<String> outside = settings.uplink() ? uplinkDevice() : Optional.empty();
            if (outside.isPresent()) {
                Files.writeString(CONF.resolve(outside.get()).resolve("forwarding"), "1");
                Program.feed(hostRules(settings, outside.get()), List.of("nft", "-f", "-"));
            }
        } catch (IOException e) {
            throw new LinuxException("cannot set the kernel's forwarding: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new LinuxException("cannot set the kernel up for the node", e);
        }
    }

    /**
     * Forwards IPv6 between nodes. The old switch is one for the whole machine, and turned on it makes the machine deaf
     * to its own router; so only the newer one for a single device (Linux 6.17) is used. Without it, nodes reach each
     * other over IPv4 only.
     */
    private void forwardIpv6() throws IOException {
        Path one = CONF6.resolve(settings.hostDevice()).resolve("force_forwarding");
        if (settings.hasIpv6() && Files.exists(one)) {
            Files.writeString(one, "1");
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
            List<String> beyond =
                    goesOutside(settings, one) ? List.of("default") : List.of(one.podNetwork(), one.nodeNetwork());
            for (String network : beyond) {
                lines.append("route replace %s via %s dev eth0\n".formatted(network, one.host()));
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
    private static String atOnce(NodeAddresses one) {
        return one.isIpv6() ? " nodad" : "";
    }

    /** IPv6 stays inside the machine: see docs/decisions/dual-stack.md. */
    private static boolean goesOutside(NodeSettings settings, NodeAddresses one) {
        return settings.uplink() && !one.isIpv6();
    }

    /** The node's own tables: Pods leave the cluster with the node's address, or not at all. */
    static String nodeRules(NodeSettings settings) {
        StringBuilder text = new StringBuilder();
        for (NodeAddresses one : settings.addresses()) {
            String leaving = goesOutside(settings, one)
                    ? "chain postrouting { type nat hook postrouting priority srcnat; policy accept;\n"
                            + "  %1$s saddr %2$s %1$s daddr != { %3$s } oifname \"eth0\" masquerade\n }"
                    : "chain forward { type filter hook forward priority filter; policy accept;\n"
                            + "  oifname \"eth0\" %1$s daddr != { %3$s } reject with %4$s\n }";
            String inside = one.podNetwork() + ", " + one.nodeNetwork();
            text.append("table %1$s %2$s\ndelete table %1$s %2$s\ntable %1$s %2$s {\n %3$s\n}\n"
                    .formatted(
                            one.family(),
                            settings.table(),
                            leaving.formatted(
                                    one.family(),
                                    one.podCidr(),
                                    inside,
                                    one.isIpv6() ? "icmpv6 type no-route" : "icmp type net-unreachable")));
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
