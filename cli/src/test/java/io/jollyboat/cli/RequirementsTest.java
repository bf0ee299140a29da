package io.jollyboat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.cli.Requirements.Requirement;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequirementsTest {
    @Test
    void whatIsMissingIsListedWithItsReasonAndTheWayToGetIt() {
        String list = Requirements.list(List.of(
                new Requirement("ip", "iproute2", "makes links"),
                new Requirement("/usr/lib/cni/ptp", "containernetworking-plugins", "connects Pods"),
                new Requirement("bridge", "iproute2", "makes bridges")));
        assertThat(list)
                .isEqualTo("these packages of your distribution are missing:\n"
                        + "  iproute2 (ip: makes links)\n"
                        + "  containernetworking-plugins (/usr/lib/cni/ptp: connects Pods)\n"
                        + "  iproute2 (bridge: makes bridges)\n"
                        + "install them, for example with `apt-get install --no-install-recommends iproute2"
                        + " containernetworking-plugins`, then try again");
    }

    @Test
    void programsAreFoundByPathOrByName() {
        assertThat(new Requirement("sh", "dash", "").met()).isTrue();
        assertThat(new Requirement("/bin/sh", "dash", "").met()).isTrue();
        assertThat(new Requirement("no-program-of-that-name", "x", "").met()).isFalse();
        assertThat(new Requirement("/no/such/file", "x", "").met()).isFalse();
    }
}
