package io.jollyboat.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.testing.Need;
import io.jollyboat.testing.Needs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The official Python client, as Debian has it, does what programs do: the script {@code python-client.py}. */
@Needs({Need.ROOT, Need.CONTAINERD, Need.RUNC, Need.NFT, Need.IP, Need.BUSYBOX, Need.PYTHON_CLIENT})
class PythonClientTest {
    /** The Python that Debian's modules belong to, whichever other comes first in the path. */
    private static final String PYTHON = "/usr/bin/python3";

    private static TestCluster cluster;

    @BeforeAll
    static void up() throws IOException {
        cluster = new TestCluster("python");
        cluster.up("examples/numbers").ok();
    }

    @AfterAll
    static void delete() throws IOException {
        cluster.close();
    }

    @Test
    void aProgramDoesItsWork() throws IOException {
        String kubeconfig = cluster.home().resolve("kubeconfig").toString();
        Result told = Program.run(cluster.builder(List.of(PYTHON, "-", kubeconfig)), script());
        assertThat(told.ok().out().lines())
                .containsExactly(
                        "objects",
                        "pages",
                        "watching",
                        "kinds found by discovery",
                        "deployments",
                        "commands",
                        "forwarded ports",
                        "eviction",
                        "a foreground deletion");
    }

    private static String script() throws IOException {
        try (InputStream in = PythonClientTest.class.getResourceAsStream("python-client.py")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
