package io.jollyboat.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.testing.Need;
import io.jollyboat.testing.Needs;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The command {@code jolly} itself: used twice, used wrongly, over what is left of half a cluster. */
@Needs({Need.ROOT, Need.CONTAINERD, Need.RUNC, Need.NFT, Need.IP, Need.KUBECTL, Need.BUSYBOX})
class JollyTest {
    private static final String SLEEP = "examples/sleep/sleep1.yaml";
    private static final String NOBODY = "65534";
    private TestCluster cluster;
    private Traces traces;

    @BeforeEach
    void name() throws IOException {
        cluster = new TestCluster("jollytest");
        traces = new Traces(cluster.name(), cluster.home());
        Files.setPosixFilePermissions(cluster.home(), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @AfterEach
    void delete() throws IOException {
        cluster.close();
        assertThat(traces.find()).isEmpty();
    }

    private void kill(ProcessHandle process) {
        process.destroyForcibly();
        Program.eventually(process::isAlive, alive -> !alive);
    }

    private void canBeUsed() {
        cluster.kubectl("wait", "--for=condition=Available", "deploy/sleep-1", "--timeout=180s")
                .ok();
        Program.eventually(
                () -> cluster.kubectl("exec", "deploy/sleep-1", "--", "echo", "well"), result -> result.status() == 0);
    }

    @Test
    void upTwiceStatusAndImages() throws IOException {
        cluster.jolly("status").fails().says("there is no cluster named jollytest");
        cluster.jolly("logs").fails().says("there is no cluster named jollytest");
        cluster.jolly("image", "ls").fails().says("there is no cluster named jollytest");
        Result first = cluster.up(SLEEP).ok();
        assertThat((first.out() + first.err()).lines()).noneMatch(line -> line.startsWith("[")); // as a JVM's words do
        cluster.up(SLEEP).ok().says("deployment/sleep-1 applied", "Cluster jollytest runs");
        cluster.kubectl("apply", "-f", SLEEP).ok().says("deployment.apps/sleep-1 unchanged");
        cluster.jolly("status").ok().says("runs (process ", "node       jollytest is ready", "1 of 1 running");
        cluster.jolly("logs", "--tail", "1000").ok().says("API on https://127.0.0.1:");
        assertThat(cluster.jolly("image", "ls").ok().out()).isEqualTo("kiamol/ch03-sleep:latest\n");
        Path text = Files.writeString(cluster.home().resolve("some.tar"), "no archive");
        assertFailsOnce(cluster.jolly("image", "load", text.toString()), "is no archive of an image");
        assertFailsOnce(cluster.jolly("image", "load", "no/such.tar"), "jolly: no/such.tar is not a file\n");
        assertFailsOnce(
                cluster.jolly("image", "build", "examples/sleep"),
                "jolly: there is no recipe examples/sleep/image.yaml\n");
        assertFailsOnce(cluster.jolly("up", "--api-port", "7443"), "has its API on port", "which cannot be changed");
        Path manifest = Files.writeString(
                cluster.home().resolve("m.yaml"), "# a remark\napiVersion: v1\nkind: Pod\nmetadata: {name: Bad}\n");
        assertFailsOnce(cluster.up(manifest.toString()), manifest + ":2: Pod \"Bad\" is invalid: ", "metadata.name");
        othersMayLook();
    }

    private static void assertFailsOnce(Result result, String... words) {
        assertThat(result.status()).as(result.toString()).isEqualTo(1);
        assertThat(result.err()).contains(words).doesNotContain("a bug");
    }

    /** Whoever may read the kubeconfig needs no root to look at the cluster and to load images. */
    private void othersMayLook() throws IOException {
        Files.setPosixFilePermissions(
                cluster.home().resolve("kubeconfig"), PosixFilePermissions.fromString("rw-r--r--"));
        asNobody("status").ok().says("runs (process ", "is ready");
        asNobody("image", "ls").ok().says("kiamol/ch03-sleep:latest");
        asNobody("image", "build", "examples/images/numbers-api").ok().says("kiamol/ch03-numbers-api:latest");
        asNobody("logs", "--tail", "1000").ok().says("API on");
    }

    private Result asNobody(String... words) {
        return Program.run(cluster.builder(prefixed(cluster.command(words))), "");
    }

    private static List<String> prefixed(List<String> command) {
        List<String> all = new java.util.ArrayList<>(
                List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups"));
        all.addAll(command);
        return all;
    }

    @Test
    void withoutRoot() throws IOException {
        ProcessBuilder alone = cluster.builder(prefixed(cluster.command("up")));
        Path programs = Files.createDirectory(cluster.home().resolve("bin"));
        for (String each : List.of("bash", "dirname", "readlink", "cat", "id", "env")) {
            Files.createSymbolicLink(programs.resolve(each), Path.of("/usr/bin", each));
        }
        alone.command().set(0, "/usr/bin/setpriv");
        alone.environment().put("PATH", programs.toString());
        Result refused = Program.run(alone, "");
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.err())
                .isEqualTo("jolly: up needs root to make containers, and sudo is not installed: run it as root\n");
        Path sudo = Files.writeString(programs.resolve("sudo"), "#!/usr/bin/env bash\necho \"$@\"\n");
        Files.setPosixFilePermissions(sudo, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(Program.run(alone, "").ok().out())
                .contains("--preserve-env=KUBECONFIG,HOME,JAVA_HOME,JOLLY_HOME", "up --name jollytest");
    }

    @Test
    void theKubeconfigBelongsToWhoCalledSudo() throws IOException {
        ProcessBuilder up = cluster.builder(cluster.command("up", "--no-uplink", "--no-install"));
        up.environment().put("SUDO_USER", "nobody");
        up.environment().put("KUBECONFIG", cluster.home() + "/.kube/config");
        Program.run(up, "").ok();
        Path config = cluster.home().resolve(".kube/config");
        assertThat(Files.getOwner(config).getName()).isEqualTo("nobody");
        assertThat(Files.getOwner(config.getParent()).getName()).isEqualTo("nobody");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(config)))
                .isEqualTo("rw-------");
    }

    @Test
    void portsThatAreTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            Result refused = cluster.up("--api-port", port);
            assertFailsOnce(refused, "port " + port + " on 127.0.0.1 is taken", "--api-port");
        }
        assertThat(traces.processes()).isEmpty();
        cluster.up(SLEEP).ok();
        String server = cluster.kubectl("config", "view", "-o", "jsonpath={.clusters[0].cluster.server}")
                .ok()
                .text();
        int port = Integer.parseInt(server.replaceAll(".*:", ""));
        cluster.jolly("down").ok();
        try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertFailsOnce(cluster.up(), "port " + taken.getLocalPort(), "is taken by another program");
        }
        cluster.up().ok();
        canBeUsed();
    }

    @Test
    void overAHalfDeletedCluster() throws IOException {
        cluster.up(SLEEP).ok();
        cluster.kubectl("create", "configmap", "kept").ok();

        Files.delete(cluster.data().resolve("settings.json"));
        cluster.up(SLEEP).ok();
        canBeUsed();

        kill(cluster.server());
        Program.run("ip", "netns", "delete", cluster.name());
        cluster.up(SLEEP).ok();
        canBeUsed();

        kill(cluster.server());
        kill(containerd());
        Program.run("ip", "link", "delete", "jv-" + cluster.name());
        Files.delete(cluster.data().resolve("settings.json"));
        Files.delete(cluster.data().resolve("server.pid"));
        cluster.up(SLEEP).ok();
        canBeUsed();
        cluster.kubectl("get", "configmap", "kept").ok();

        Files.writeString(cluster.data().resolve("settings.json"), "{");
        assertFailsOnce(cluster.up(), "settings.json cannot be read", "jolly delete");
        cluster.jolly("delete").ok().says("Cluster jollytest is gone");
        assertThat(traces.find()).isEmpty();
    }

    @Test
    void deleteOverRemains() throws IOException {
        cluster.up(SLEEP).ok();
        Files.delete(cluster.data().resolve("server.pid"));
        Files.delete(cluster.data().resolve("settings.json"));
        cluster.jolly("delete").ok();
        assertThat(traces.find()).isEmpty();

        cluster.up(SLEEP).ok();
        kill(cluster.server());
        kill(containerd());
        Program.run("ip", "netns", "delete", cluster.name());
        cluster.jolly("delete").ok();
        assertThat(traces.find()).isEmpty();

        Files.createDirectories(Path.of("/run/jollyboat", cluster.name()));
        cluster.jolly("delete").ok().says("is gone");
        assertThat(traces.find()).isEmpty();
    }

    private ProcessHandle containerd() {
        Path file = Path.of("/run/jollyboat", cluster.name(), "containerd.pid");
        return ProcessHandle.of(Long.parseLong(Program.text(file).strip())).orElseThrow();
    }

    @Test
    void twoClustersSideBySide() throws IOException {
        cluster.up(SLEEP).ok();
        try (TestCluster other = new TestCluster("neighbour")) {
            other.up(SLEEP).ok();
            other.kubectl("delete", "deploy", "--all").ok();
            canBeUsed();
            String here = "jsonpath={.items[0].status.addresses[0].address}";
            assertThat(other.kubectl("get", "nodes", "-o", here).ok().text())
                    .isNotEqualTo(
                            cluster.kubectl("get", "nodes", "-o", here).ok().text());
            other.jolly("down").ok();
            canBeUsed();
        }
        canBeUsed();
        cluster.jolly("status").ok();
    }
}
