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
    private static final Pattern DEFAULT_DEVICE = Pattern.compile("^default .*\\bdev (\\S+)", Pattern.MULTILINE);

    private final NodeSettings settings;

    NodeNetwork(NodeSettings settings) {
        this.settings = settings;
    }

    NetworkNamespace create() {
        NetworkNamespace namespace = NetworkNamespace.create(settings.id());
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
        if (Program.result("", List.of("nft", "list", "table", "ip", settings.table()))
                        .status()
                == 0) {
            Program.run("nft", "delete", "table", "ip", settings.table());
        }
    }

    private void removeDevice() {
        if (Files.exists(Path.of("/sys/class/net", settings.hostDevice()))) {
            Program.run("ip", "link", "delete", settings.hostDevice());
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

    /** The device behind the host's default route. */
    private static Optional<String> uplinkDevice() {
        Matcher matcher = DEFAULT_DEVICE.matcher(Program.run("ip", "-4", "route", "show", "default"));
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    /** Lines for {@code ip -batch} inside the node. */
    static String nodeCommands(NodeSettings settings) {
        var lines = new StringBuilder();
        lines.append("link set lo up\n");
        lines.append("link set eth0 up\n");
        lines.append("addr replace %s/32 dev eth0\n".formatted(settings.nodeAddress()));
        lines.append("route replace %s dev eth0\n".formatted(settings.hostAddress()));
        List<String> beyond = settings.uplink() ? List.of("default") : settings.clusterNetworks();
        for (String network : beyond) {
            lines.append("route replace %s via %s dev eth0\n".formatted(network, settings.hostAddress()));
        }
        return lines.toString();
    }

    /** Lines for {@code ip -batch} on the host. */
    static String hostCommands(NodeSettings settings) {
        String device = settings.hostDevice();
        return """
                link set %1$s up
                addr replace %2$s peer %3$s/32 dev %1$s
                route replace %4$s via %3$s dev %1$s
                """.formatted(device, settings.hostAddress(), settings.nodeAddress(), settings.podCidr());
    }

    /** The node's own table: Pods leave the cluster with the node's address, or not at all. */
    static String nodeRules(NodeSettings settings) {
        String inside = String.join(", ", settings.clusterNetworks());
        String leaving = settings.uplink()
                ? "chain postrouting { type nat hook postrouting priority srcnat; policy accept;\n"
                        + "  ip saddr %s ip daddr != { %s } oifname \"eth0\" masquerade\n }"
                                .formatted(settings.podCidr(), inside)
                : "chain forward { type filter hook forward priority filter; policy accept;\n"
                        + "  oifname \"eth0\" ip daddr != { %s } reject with icmp type net-unreachable\n }"
                                .formatted(inside);
        return "table ip %1$s\ndelete table ip %1$s\ntable ip %1$s {\n %2$s\n}\n".formatted(settings.table(), leaving);
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
                """.formatted(settings.table(), settings.nodeAddress(), outside);
    }
}
