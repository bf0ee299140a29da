package io.jollyboat.node.host;

import io.jollyboat.node.NodeException;
import io.jollyboat.node.cri.PauseImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Collectors;

/** The configuration of a node's containerd and of the network plugins that it calls, as text and on disk. */
final class ContainerdFiles {
    /** Where distributions keep the CNI plugins. */
    private static final List<Path> CNI_FOLDERS =
            List.of(Path.of("/usr/lib/cni"), Path.of("/opt/cni/bin"), Path.of("/usr/libexec/cni"));

    /** The plugin that makes the Pods' devices, see {@link #promptPlugins}. */
    private static final String PROMPT = "jollyboat-ptp";

    private final NodeSettings settings;

    ContainerdFiles(NodeSettings settings) {
        this.settings = settings;
    }

    Path configuration() {
        return settings.folder().resolve("containerd.toml");
    }

    Path log() {
        return settings.folder().resolve("containerd.log");
    }

    Path processId() {
        return settings.runFolder().resolve("containerd.pid");
    }

    /** Where containerd keeps what runs. */
    Path state() {
        return settings.runFolder().resolve("containerd");
    }

    /** Where {@code host-local} notes which addresses are taken. */
    Path addresses() {
        return settings.runFolder().resolve("addresses");
    }

    private Path cni() {
        return settings.folder().resolve("cni");
    }

    private Path registries() {
        return settings.folder().resolve("registries");
    }

    void write() {
        try {
            Files.createDirectories(settings.runFolder());
            Files.createDirectories(cni());
            Files.createDirectories(registries().resolve("_default"));
            Files.writeString(configuration(), toml());
            Files.writeString(cni().resolve("10-jollyboat.conflist"), network());
            Path hosts = registries().resolve("_default/hosts.toml");
            if (settings.mirror().isPresent()) {
                Files.writeString(hosts, mirror(settings.mirror().get()));
            } else {
                Files.deleteIfExists(hosts);
            }
        } catch (IOException e) {
            throw new NodeException("cannot write the configuration of containerd: " + e.getMessage(), e);
        }
    }

    /** Every registry is asked only after the mirror, and only for what the mirror does not have. */
    private static String mirror(String url) {
        return """
                [host."%s"]
                  capabilities = ["pull", "resolve"]
                  skip_verify = true
                """.formatted(url);
    }

    /** Routed pairs of devices: needs neither a bridge nor hairpin ports; no masquerade, which is the node's rules' work. */
    private String network() {
        String ranges = settings.podCidrs().stream()
                .map("[{\"subnet\": \"%s\"}]"::formatted)
                .collect(Collectors.joining(", "));
        String routes =
                settings.hasIpv6() ? "{\"dst\": \"0.0.0.0/0\"}, {\"dst\": \"::/0\"}" : "{\"dst\": \"0.0.0.0/0\"}";
        return """
                {
                  "cniVersion": "0.4.0",
                  "name": "jollyboat",
                  "plugins": [
                    {
                      "type": "%s",
                      "ipMasq": false,
                      "ipam": {
                        "type": "host-local",
                        "dataDir": "%s",
                        "ranges": [%s],
                        "routes": [%s]
                      }
                    }
                  ]
                }
                """.formatted(settings.hasIpv6() ? PROMPT : "ptp", addresses(), ranges, routes);
    }

    /** Where the plugins are installed. */
    private static Path plugins() {
        return CNI_FOLDERS.stream()
                .filter(folder -> Files.isExecutable(folder.resolve("ptp")))
                .findFirst()
                .orElseThrow(() -> new NodeException("the CNI plugins (ptp, host-local, loopback) are in none of "
                        + CNI_FOLDERS + ": install the package containernetworking-plugins"));
    }

    /**
     * A folder with the plugins and, beside them, one more: {@code ptp} in a namespace whose IPv6 addresses serve at
     * once. Otherwise it would wait one to two seconds for each Pod until the kernel has looked whether anybody else
     * has its address (RFC 4862, 5.4), which {@code host-local} rules out.
     */
    private Path promptPlugins() throws IOException {
        Path folder = settings.folder().resolve("plugins");
        Files.createDirectories(folder);
        for (String name : List.of("ptp", "host-local", "loopback")) {
            Path link = folder.resolve(name);
            Files.deleteIfExists(link);
            Files.createSymbolicLink(link, plugins().resolve(name));
        }
        Path script = folder.resolve(PROMPT);
        Files.writeString(script, """
                #!/bin/sh
                [ "$CNI_COMMAND" = ADD ] &&
                  nsenter --net="$CNI_NETNS" sh -c 'echo 0 >/proc/sys/net/ipv6/conf/default/accept_dad'
                exec %s
                """.formatted(plugins().resolve("ptp")));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        return folder;
    }

    private String toml() throws IOException {
        Path plugins = settings.hasIpv6() ? promptPlugins() : plugins();
        return """
                version = 2
                root = "%1$s/containerd"
                state = "%2$s"
                # Only what a node uses is loaded.
                disabled_plugins = [
                  "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs",
                  "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs",
                  "io.containerd.internal.v1.restart"
                ]

                [grpc]
                  address = "%3$s"

                [plugins."io.containerd.grpc.v1.cri"]
                  sandbox_image = "%4$s"
                  restrict_oom_score_adj = true
                  netns_mounts_under_state_dir = true
                  # One-time URLs on the node's loopback for exec and attach.
                  stream_server_address = "127.0.0.1"
                  stream_server_port = "0"
                  # Low ports and ping without capabilities, as Pods expect.
                  enable_unprivileged_ports = true
                  enable_unprivileged_icmp = true

                  [plugins."io.containerd.grpc.v1.cri".cni]
                    bin_dir = "%5$s"
                    conf_dir = "%6$s"

                  [plugins."io.containerd.grpc.v1.cri".registry]
                    config_path = "%7$s"

                  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
                    runtime_type = "io.containerd.runc.v2"

                    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
                      BinaryName = "runc"
                      Root = "%8$s/runc"
                """.formatted(
                        settings.folder(),
                        state(),
                        settings.socket(),
                        PauseImage.NAME,
                        plugins,
                        cni(),
                        registries(),
                        settings.runFolder());
    }
}
