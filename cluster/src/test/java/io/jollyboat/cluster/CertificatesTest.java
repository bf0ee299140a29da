package io.jollyboat.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jollyboat.world.ManualWorld;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificatesTest {
    private final ManualWorld world = new ManualWorld(Instant.parse("2026-01-01T00:00:00Z"), 3);

    @TempDir
    Path folder;

    @Test
    void theAuthoritySignsServerAndClients() throws Exception {
        Certificates certificates = new Certificates(folder, world);
        var server = certificates.server(List.of("127.0.0.1", "10.43.0.1"), List.of("kubernetes.default.svc"));
        var admin = certificates.client("admin", "kubernetes-admin", "system:masters");
        server.certificate().verify(certificates.authority().certificate().getPublicKey());
        admin.certificate().verify(certificates.authority().certificate().getPublicKey());
        assertThat(admin.certificate().getSubjectX500Principal().getName())
                .contains("CN=kubernetes-admin", "O=system:masters");
        assertThat(server.certificate().getSubjectAlternativeNames()).hasSize(3);
    }

    @Test
    void aRestartFindsTheSameAndRenewsWhatIsAboutToExpire() {
        var first = new Certificates(folder, world);
        var leaf = first.client("admin", "kubernetes-admin", "system:masters");
        var second = new Certificates(folder, world);
        assertThat(second.authority().certificate()).isEqualTo(first.authority().certificate());
        assertThat(second.client("admin", "kubernetes-admin", "system:masters").certificate())
                .isEqualTo(leaf.certificate());
        world.advance(Duration.ofDays(320));
        var later = new Certificates(folder, world);
        assertThat(later.authority().certificate()).isEqualTo(first.authority().certificate());
        assertThat(later.client("admin", "kubernetes-admin", "system:masters").certificate())
                .isNotEqualTo(leaf.certificate());
    }

    @Test
    void aDamagedFileIsToldWithItsName() throws IOException {
        new Certificates(folder, world);
        Files.writeString(folder.resolve("authority.crt"), "nothing");
        assertThatThrownBy(() -> new Certificates(folder, world))
                .isInstanceOf(ClusterException.class)
                .hasMessageContaining("authority.crt")
                .hasMessageContaining("jolly delete");
    }
}
