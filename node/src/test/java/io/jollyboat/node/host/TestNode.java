package io.jollyboat.node.host;

import io.jollyboat.node.cri.ImageImport;
import io.jollyboat.node.cri.OciImage;
import io.jollyboat.node.cri.Tar;
import io.jollyboat.world.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A nested node for tests, without an uplink, with an image made from this machine's static busybox. */
public final class TestNode implements AutoCloseable {
    /** Its name is short for {@code docker.io/library/busybox:latest}. */
    public static final String IMAGE = "busybox";

    private static final List<String> APPLETS = List.of(
            "sh",
            "sleep",
            "cat",
            "echo",
            "ls",
            "true",
            "false",
            "wget",
            "httpd",
            "ping",
            "id",
            "env",
            "kill",
            "test",
            "touch",
            "rm",
            "mkdir",
            "head",
            "tail",
            "dd",
            "stat",
            "hostname",
            "nc",
            "ip",
            "pwd",
            "stty",
            "grep",
            "mount",
            "trap",
            "usleep",
            "seq",
            "yes",
            "readlink");

    private final NodeSettings settings;
    private NestedNode node;

    private TestNode(NodeSettings settings) {
        this.settings = settings;
    }

    /** @param number keeps tests apart that run side by side */
    public static TestNode start(int number) throws IOException {
        return start(number, Optional.empty());
    }

    /** @param mirror the URL of a registry on the host */
    public static TestNode start(int number, Optional<String> mirror) throws IOException {
        String name = "jn-" + number;
        var settings = new NodeSettings(
                "jn",
                name,
                Path.of("/tmp", "jollyboat-test-" + name),
                List.of(
                        new NodeAddresses(
                                "10.141." + number + ".1",
                                "10.141." + number + ".2",
                                "10.142." + number + ".0/24",
                                "10.142.0.0/16",
                                "10.141.0.0/16"),
                        new NodeAddresses(
                                "fd00:10:141:" + number + "::1",
                                "fd00:10:141:" + number + "::2",
                                "fd00:10:142:" + number + "::/120",
                                "fd00:10:142::/48",
                                "fd00:10:141::/48")),
                false,
                mirror,
                List.of());
        NestedNode.delete(settings, World.system());
        var test = new TestNode(settings);
        try {
            test.node = NestedNode.start(settings, World.system());
            new ImageImport(test.node.connection()).load("docker.io/library/busybox:latest", busybox());
        } catch (RuntimeException | IOException e) {
            NestedNode.delete(settings, World.system());
            throw e;
        }
        return test;
    }

    /** A file system with busybox in it. */
    public static OciImage busybox() throws IOException {
        Tar tar = new Tar().folder("bin", 0755).folder("tmp", 01777).folder("etc", 0755);
        tar.file("bin/busybox", 0755, Files.readAllBytes(Path.of("/bin/busybox")));
        APPLETS.forEach(applet -> tar.link("bin/" + applet, "busybox"));
        tar.file("etc/passwd", 0644, "root:x:0:0:root:/:/bin/sh\nguest:x:405:100:guest:/:/bin/sh\n".getBytes());
        tar.file("etc/group", 0644, "root:x:0:\nusers:x:100:\n".getBytes());
        return OciImage.of(tar.bytes()).withCommand("sh");
    }

    public NestedNode node() {
        return node;
    }

    public NodeSettings settings() {
        return settings;
    }

    /** Lets go and takes over again, as a new process would. */
    public NestedNode restart() {
        node.close();
        node = NestedNode.start(settings, World.system());
        return node;
    }

    /** The process of the node's containerd. */
    public ProcessHandle containerd() throws IOException {
        long id = Long.parseLong(
                Files.readString(settings.runFolder().resolve("containerd.pid")).strip());
        return ProcessHandle.of(id).orElseThrow();
    }

    @Override
    public void close() {
        if (node != null) {
            node.close();
        }
        NestedNode.delete(settings, World.system());
    }
}
