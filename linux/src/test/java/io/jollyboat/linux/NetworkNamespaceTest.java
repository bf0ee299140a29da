package io.jollyboat.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jollyboat.testing.Need;
import io.jollyboat.testing.Needs;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Needs({Need.ROOT, Need.IP})
class NetworkNamespaceTest {
    private static final String NAME = "jn-test-ns";

    @AfterEach
    void remove() {
        NetworkNamespace.delete(NAME);
    }

    @Test
    void socketsStayInTheNamespaceWhereTheyWereOpened() throws Exception {
        NetworkNamespace namespace = NetworkNamespace.create(NAME);
        Program.run("ip", "-n", NAME, "link", "set", "lo", "up");
        try (ServerSocketChannel listener =
                        namespace.call(() -> ServerSocketChannel.open().bind(new InetSocketAddress("127.0.0.1", 0)));
                SocketChannel inside = namespace.call(SocketChannel::open);
                SocketChannel outside = SocketChannel.open()) {
            var address = (InetSocketAddress) listener.getLocalAddress();
            inside.connect(address);
            assertThat(inside.isConnected()).isTrue();
            assertThatThrownBy(() -> outside.connect(address)).isInstanceOf(java.net.ConnectException.class);
        }
    }

    @Test
    void settingsOfTheKernelAreTheNamespacesOwn() throws Exception {
        NetworkNamespace namespace = NetworkNamespace.create(NAME);
        Path forward = Path.of("/proc/sys/net/ipv4/ip_forward");
        String before = Files.readString(forward);
        String inside = namespace.call(() -> {
            Files.writeString(forward, "1");
            return Files.readString(forward).strip();
        });
        assertThat(inside).isEqualTo("1");
        assertThat(Files.readString(forward)).isEqualTo(before);
    }

    @Test
    void creatingTwiceAndDeletingTwiceIsFine() {
        NetworkNamespace.create(NAME);
        assertThat(NetworkNamespace.create(NAME).file()).exists();
        NetworkNamespace.delete(NAME);
        NetworkNamespace.delete(NAME);
        assertThat(Path.of("/run/netns", NAME)).doesNotExist();
        assertThatThrownBy(() -> NetworkNamespace.open(Path.of("/run/netns", NAME)))
                .isInstanceOf(LinuxException.class)
                .hasMessageContaining("no network namespace");
    }

    @Test
    void aProgramsFailureCarriesItsWords() {
        assertThatThrownBy(() -> Program.run("ip", "link", "show", "jn-none"))
                .isInstanceOf(LinuxException.class)
                .hasMessageContaining("does not exist");
    }

    @Test
    void mountsBelowAFolderAreRemoved(@TempDir Path folder) throws Exception {
        Path outer = Files.createDirectory(folder.resolve("outer"));
        Mounts.tmpfs(outer, 1 << 20);
        Path inner = Files.createDirectory(outer.resolve("inner"));
        Mounts.tmpfs(inner, 1 << 20);
        assertThat(Mounts.isMounted(inner)).isTrue();
        Mounts.removeBelow(folder);
        assertThat(Mounts.points()).noneMatch(point -> point.startsWith(folder));
    }
}
