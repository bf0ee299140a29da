package io.jollyboat.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.linux.NetworkNamespace;
import io.jollyboat.node.NodeHost;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeWaysTest {
    @TempDir
    Path folder;

    private final NodeWays ways = new NodeWays();

    private NodeHost first;
    private NodeHost second;

    @BeforeEach
    void add() throws IOException {
        first = node(1);
        second = node(2);
        ways.add(second);
        ways.add(first);
    }

    private NodeHost node(int number) throws IOException {
        Path namespace = Files.createFile(folder.resolve("node-" + number));
        return new NodeHost(
                "node-" + number,
                List.of("10.41.0." + number, "fd00:10:41::" + number),
                List.of("10.42." + number + ".0/24", "fd00:10:42:" + number + "::/120"),
                folder,
                folder,
                "/",
                NetworkNamespace.open(namespace));
    }

    private Optional<String> to(String endpoint) {
        return ways.to(InetAddress.ofLiteral(endpoint))
                .map(namespace -> namespace.file().getFileName().toString());
    }

    @Test
    void aPodIsDialledFromItsNode() {
        assertThat(to("10.42.2.7")).contains("node-2");
        assertThat(to("10.42.1.7")).contains("node-1");
        assertThat(to("fd00:10:42:2::7")).contains("node-2");
        assertThat(to("10.41.0.2")).contains("node-2");
        assertThat(to("fd00:10:41::2")).contains("node-2");
    }

    @Test
    void whatIsNoNodesIsDialledFromTheFirstThatIsUp() {
        assertThat(to("192.0.2.1")).contains("node-1");
        ways.remove(first);
        assertThat(to("192.0.2.1")).contains("node-2");
        assertThat(to("10.42.1.7")).contains("node-2");
        ways.remove(second);
        assertThat(to("192.0.2.1")).isEmpty();
    }
}
