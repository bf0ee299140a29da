package io.jollyboat.server.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The stock kubectl with a home of its own, pointed at one face. */
final class Kubectl {
    private static final int SECONDS = 120;

    private final Path home;
    private final Map<String, String> environment;

    private Kubectl(Path home, Map<String, String> environment) {
        this.home = home;
        this.environment = environment;
    }

    static Kubectl of(Path home, int port, Certificates certificates) throws Exception {
        Files.writeString(home.resolve("config"), """
                apiVersion: v1
                kind: Config
                clusters:
                - name: c
                  cluster: {server: "https://127.0.0.1:%d", certificate-authority-data: %s}
                users:
                - name: u
                  user: {token: let-me-in}
                contexts:
                - name: x
                  context: {cluster: c, user: u}
                current-context: x
                """.formatted(port, certificates.authorityBase64()));
        return new Kubectl(home, Map.of());
    }

    /** The same without WebSocket. */
    Kubectl spdy() {
        return new Kubectl(
                home, Map.of("KUBECTL_REMOTE_COMMAND_WEBSOCKETS", "false", "KUBECTL_PORT_FORWARD_WEBSOCKETS", "false"));
    }

    record Outcome(int code, String out, String err) {}

    ProcessBuilder prepare(String... arguments) {
        List<String> command = new ArrayList<>(List.of("/usr/bin/kubectl"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(home.toFile());
        builder.environment().put("HOME", home.toString());
        builder.environment().put("KUBECONFIG", home.resolve("config").toString());
        builder.environment().putAll(environment);
        return builder;
    }

    Outcome run(String... arguments) {
        return runWith(new byte[0], arguments);
    }

    Outcome runWith(byte[] input, String... arguments) {
        try {
            Path out = Files.createTempFile(home, "out", "");
            Path err = Files.createTempFile(home, "err", "");
            Process process = prepare(arguments)
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            try (OutputStream stdin = process.getOutputStream()) {
                stdin.write(input);
            } catch (IOException e) {
                // it does not read all of its input
            }
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("kubectl " + List.of(arguments) + " did not end: " + Files.readString(err));
            }
            return new Outcome(
                    process.exitValue(), Files.readString(out, StandardCharsets.ISO_8859_1), Files.readString(err));
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
