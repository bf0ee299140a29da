package io.jollyboat.bench;

import io.jollyboat.linux.NetworkNamespace;
import io.jollyboat.linux.Program;
import io.jollyboat.network.proxy.ProxySettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A node made of namespaces: two Pods, one to ask and one to answer, behind routed veth pairs. Nothing of it touches
 * the machine's own network; closing removes it.
 */
final class Bed implements AutoCloseable {
    static final String ASKING = "10.42.0.11";
    static final String ANSWERING = "10.42.0.12";
    static final String NODE = "10.41.0.2";
    static final ProxySettings SETTINGS = new ProxySettings(
            "bench",
            "",
            List.of(NODE),
            List.of("10.42.0.0/24"),
            List.of("10.42.0.0/16"),
            List.of("10.43.0.0/16"),
            List.of("10.43.0.10"));

    private static final String PREFIX = "jolly-bench-";
    private static final Map<String, String> PODS = Map.of("asking", ASKING, "answering", ANSWERING);

    Bed() {
        close(); // the remains of a run that was killed
        try {
            make();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private static void make() {
        NetworkNamespace.create(PREFIX + "node");
        ip("node", """
                link set lo up
                link add eth0 type veth peer name eth1
                link set eth0 up
                addr add %s/32 dev eth0
                """.formatted(NODE));
        PODS.forEach((name, address) -> {
            NetworkNamespace.create(PREFIX + name);
            ip("node", """
                    link add v-%1$s type veth peer name eth0 netns %2$s%1$s
                    link set v-%1$s up
                    addr add 10.42.0.1/32 dev v-%1$s
                    route add %3$s dev v-%1$s
                    """.formatted(name, PREFIX, address));
            ip(name, """
                    link set lo up
                    link set eth0 up
                    addr add %s/32 dev eth0
                    route add 10.42.0.1 dev eth0
                    route add default via 10.42.0.1
                    """.formatted(address));
        });
        set("node", "ip_forward", "1");
        set("node", "conf/all/send_redirects", "0");
        PODS.keySet().forEach(name -> set(name, "ip_local_port_range", "1024 65535"));
    }

    NetworkNamespace node() {
        return namespace("node");
    }

    NetworkNamespace asking() {
        return namespace("asking");
    }

    NetworkNamespace answering() {
        return namespace("answering");
    }

    private static NetworkNamespace namespace(String name) {
        return NetworkNamespace.open(Path.of("/run/netns", PREFIX + name));
    }

    private static void set(String name, String key, String value) {
        try {
            namespace(name).call(() -> Files.writeString(Path.of("/proc/sys/net/ipv4", key), value));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void ip(String name, String commands) {
        Program.feed(commands, List.of("ip", "-n", PREFIX + name, "-batch", "-"));
    }

    @Override
    public void close() {
        for (String name : List.of("asking", "answering", "node")) {
            NetworkNamespace.delete(PREFIX + name);
        }
    }
}
