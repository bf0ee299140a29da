package io.jollyboat.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.testing.Need;
import io.jollyboat.testing.Needs;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Names as programs find them: through the resolvers of glibc and of musl, in a Pod. Of the two servers outside the
 * first one is dead from the beginning.
 */
@Needs({Need.ROOT, Need.CONTAINERD, Need.RUNC, Need.NFT, Need.IP, Need.KUBECTL, Need.BUSYBOX, Need.GCC, Need.MUSL})
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ResolversTest {
    private static final int MANY = 60;

    /** So many addresses fit into a reply of 512 bytes, whatever else stands in it. */
    private static final int FIT = 20;

    private static final String RECIPE = """
            name: test/resolvers
            files:
              /bin/busybox: /bin/busybox
              /bin/musl: musl
              /bin/glibc: glibc
              /lib64/ld-linux-x86-64.so.2: /lib64/ld-linux-x86-64.so.2
              /lib/x86_64-linux-gnu/libc.so.6: /lib/x86_64-linux-gnu/libc.so.6
              /etc/nsswitch.conf: nsswitch.conf
            folders: [/tmp]
            links: {/bin/sh: busybox, /bin/sleep: busybox}
            command: [/bin/sh, -c, "trap 'exit 0' TERM; while true; do sleep 3600 & wait $!; done"]
            """;

    private static TestCluster cluster;
    private static Outside outside;

    @BeforeAll
    static void up() throws IOException {
        cluster = new TestCluster("resolvers");
        cluster.up().ok();
        Program.eventually(() -> cluster.kubectl("get", "nodes", "-o", "name").text(), "node/resolvers"::equals);
        outside = Outside.beside(cluster);
        cluster.jolly("up", "--no-install", "--dns-upstream", Outside.DEAF, "--dns-upstream", Outside.ADDRESS)
                .ok();
        Path folder = Files.createDirectory(cluster.home().resolve("resolvers"));
        Path source = Files.writeString(folder.resolve("lookup.c"), text("lookup.c"));
        Program.run("musl-gcc", "-static", "-o", folder.resolve("musl").toString(), source.toString());
        Program.run("gcc", "-o", folder.resolve("glibc").toString(), source.toString());
        Files.writeString(folder.resolve("nsswitch.conf"), "hosts: files dns\n");
        Files.writeString(folder.resolve("image.yaml"), RECIPE);
        cluster.jolly("image", "build", folder.toString()).ok();
        cluster.apply(text("resolvers.yaml") + "---\n" + manyEndpoints()).ok();
        cluster.kubectl("wait", "--for=condition=Ready", "pod/resolvers", "--timeout=180s")
                .ok();
    }

    @AfterAll
    static void delete() throws IOException {
        try (TestCluster _ = cluster) {
            outside.close();
        }
    }

    private static String text(String file) {
        try (InputStream in = ResolversTest.class.getResourceAsStream(file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> manyAddresses() {
        return IntStream.rangeClosed(1, MANY).mapToObj(i -> "192.0.2." + i).toList();
    }

    private static String manyEndpoints() {
        StringBuilder slice = new StringBuilder("""
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {name: many-x, labels: {kubernetes.io/service-name: many}}
                addressType: IPv4
                ports: [{port: 80}]
                endpoints:
                """);
        manyAddresses()
                .forEach(
                        address -> slice.append("- {addresses: [%s], conditions: {ready: true}}\n".formatted(address)));
        return slice.toString();
    }

    /** What a resolver prints for each lookup, all in one command. */
    private static Map<String, List<String>> found(String resolver, List<String> lookups) {
        StringBuilder script = new StringBuilder();
        lookups.forEach(lookup -> script.append("echo '== %s'; %s %s\n".formatted(lookup, resolver, lookup)));
        String printed = cluster.kubectl("exec", "resolvers", "--", "sh", "-c", script.toString())
                .ok()
                .text();
        Map<String, List<String>> found = new LinkedHashMap<>();
        for (String block : ("\n" + printed).split("\n== ")) {
            List<String> lines = block.lines().toList();
            if (!lines.isEmpty()) {
                found.put(
                        lines.getFirst(),
                        lines.subList(1, lines.size()).stream().sorted().toList());
            }
        }
        assertThat(found).hasSameSizeAs(lookups);
        return found;
    }

    private static List<String> found(String resolver, String lookup) {
        return found(resolver, List.of(lookup)).get(lookup);
    }

    @ParameterizedTest
    @ValueSource(strings = {"glibc", "musl"})
    @Order(1)
    void namesAreFoundAndMissing(String resolver) {
        Map<String, List<String>> wanted = new LinkedHashMap<>();
        text("lookups.txt")
                .lines()
                .filter(line -> line.contains("|") && !line.startsWith("#"))
                .forEach(line -> {
                    String[] halves = line.split("\\|");
                    wanted.put(
                            halves[0].strip(),
                            Arrays.stream(halves[1].split(","))
                                    .map(String::strip)
                                    .toList());
                });
        Map<String, List<String>> found = found(resolver, List.copyOf(wanted.keySet()));
        wanted.forEach((lookup, answers) -> {
            if (answers.getFirst().startsWith("error")) {
                assertThat(found.get(lookup)).as(lookup).hasSize(1).isSubsetOf(answers);
            } else {
                assertThat(found.get(lookup)).as(lookup).isEqualTo(answers);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"glibc", "musl"})
    @Order(2)
    void aServiceOfTwoFamiliesHasBothAddresses(String resolver) {
        String addresses = cluster.field("svc/both", "{.spec.clusterIPs[0]} {.spec.clusterIPs[1]}");
        assertThat(found(resolver, "both")).containsExactlyInAnyOrder(addresses.split(" "));
        assertThat(found(resolver, "both 6")).containsExactly(addresses.split(" ")[1]);
    }

    @Test
    @Order(3)
    void aReplyThatWasCutIsFetchedByTcp() {
        assertThat(found("glibc", "many")).containsExactlyInAnyOrderElementsOf(manyAddresses());
    }

    /** Before version 1.2.4 it asks by UDP alone, and uses what came; it never takes more than 48. */
    @Test
    @Order(3)
    void muslUsesWhatCame() {
        assertThat(found("musl", "many")).isSubsetOf(manyAddresses()).hasSizeGreaterThanOrEqualTo(FIT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"glibc", "musl"})
    @Order(4)
    void whileNobodyOutsideAnswersTheRestGoesOn(String resolver) {
        String unknown = "never-asked-by-" + resolver + ".example";
        outside.fallSilent(true);
        try {
            Map<String, List<String>> found =
                    found(resolver, List.of("web", "raw.githubusercontent.com.", unknown, "web.default"));
            assertThat(found.get("web")).containsExactly("10.43.0.77");
            assertThat(found.get("raw.githubusercontent.com."))
                    .as("it was answered before")
                    .containsExactly(Outside.ADDRESS);
            assertThat(found.get(unknown)).containsExactly("error -3");
            assertThat(found.get("web.default")).containsExactly("10.43.0.77");
        } finally {
            outside.fallSilent(false);
        }
        Program.eventually(() -> found(resolver, unknown), List.of("error -2")::equals);
    }
}
