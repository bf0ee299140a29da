package io.jollyboat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.testing.Cases;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** Wrong use gets one sentence and exit status 2, before anything is touched. */
class UsageTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... words) {
        CommandLine command = Jolly.command(words);
        command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return command.execute(words);
    }

    static List<Cases.Case> wrongUses() {
        return Cases.read(UsageTest.class, "usage.txt");
    }

    @ParameterizedTest
    @MethodSource("wrongUses")
    void wrongUse(Cases.Case use) {
        String words = use.part(0);
        assertThat(run(words.isEmpty() ? new String[0] : words.split(" "))).isEqualTo(2);
        assertThat(err.toString()).isEqualTo("jolly: " + use.part(1) + "\n");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void helpAndVersion() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString()).contains("up", "status", "down", "delete", "logs", "image");
        assertThat(run("up", "--help")).isZero();
        assertThat(out.toString()).contains("--name", "--no-uplink", "--no-install", "--api-port", "MANIFEST");
        assertThat(run("--version")).isZero();
        assertThat(out.toString()).contains("Kubernetes 1.35");
    }

    @Test
    void aMissingManifestIsToldBeforeAnythingIsMade() {
        assertThat(run("up", "--name", "never-made", "no/such/file.yaml")).isEqualTo(1);
        assertThat(err.toString()).isEqualTo("jolly: there is no file or folder no/such/file.yaml\n");
    }
}
