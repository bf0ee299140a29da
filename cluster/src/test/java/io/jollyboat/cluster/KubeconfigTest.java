package io.jollyboat.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KubeconfigTest {
    private static final Kubeconfig.Access ACCESS =
            new Kubeconfig.Access("https://127.0.0.1:6443", "Y2E=", "Y3J0", "a2V5");

    @TempDir
    Path folder;

    @Test
    void aNewFileHoldsTheContextAndMakesItCurrent() throws IOException {
        Path file = folder.resolve("kube/config");
        Kubeconfig.read(file).with("jolly", ACCESS).write();
        Kubeconfig read = Kubeconfig.read(file);
        assertThat(read.has("jolly")).isTrue();
        assertThat(read.currentContext()).isEqualTo("jolly");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(Files.readString(file)).contains("https://127.0.0.1:6443", "client-key-data: a2V5");
    }

    @Test
    void otherClustersStayWhenOursComesAndGoes() throws IOException {
        Path file = folder.resolve("config");
        Files.writeString(file, """
                apiVersion: v1
                kind: Config
                preferences: {colors: true}
                clusters:
                - name: work
                  cluster: {server: "https://work", insecure-skip-tls-verify: true}
                contexts:
                - name: work
                  context: {cluster: work, user: me, namespace: team}
                users:
                - name: me
                  user: {token: abc}
                current-context: work
                """);
        Kubeconfig.read(file).with("jolly", ACCESS).with("jolly", ACCESS).write();
        assertThat(Kubeconfig.read(file).currentContext()).isEqualTo("jolly");
        Kubeconfig.read(file).without("jolly").write();
        Kubeconfig after = Kubeconfig.read(file);
        assertThat(after.has("jolly")).isFalse();
        assertThat(after.has("work")).isTrue();
        assertThat(after.currentContext()).isEmpty();
        assertThat(Files.readString(file)).contains("namespace: team", "colors: true", "token: abc");
    }

    @Test
    void aFileThatIsNoKubeconfigIsLeftAlone() throws IOException {
        Path file = folder.resolve("config");
        Files.writeString(file, "just text");
        assertThatThrownBy(() -> Kubeconfig.read(file))
                .isInstanceOf(ClusterException.class)
                .hasMessageContaining("is not a kubeconfig");
        Files.writeString(file, "a: [1");
        assertThatThrownBy(() -> Kubeconfig.read(file))
                .isInstanceOf(ClusterException.class)
                .hasMessageContaining("cannot be read");
        assertThat(Files.readString(file)).isEqualTo("a: [1");
    }
}
