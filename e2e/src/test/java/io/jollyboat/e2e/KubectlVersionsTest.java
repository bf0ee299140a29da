package io.jollyboat.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.testing.Need;
import io.jollyboat.testing.Needs;
import io.jollyboat.testing.TestAuthority;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every kubectl of this machine types the same script; versions that are missing are told as left out. */
@Needs({Need.ROOT, Need.CONTAINERD, Need.RUNC, Need.NFT, Need.IP, Need.KUBECTL, Need.BUSYBOX})
@Timeout(600)
class KubectlVersionsTest {
    private static final int AT_ONCE = 4;

    private static TestCluster cluster;

    @BeforeAll
    static void up() throws IOException {
        cluster = new TestCluster("kubectls");
        cluster.up("examples/sleep/sleep1.yaml").ok();
    }

    @AfterAll
    static void delete() throws IOException {
        cluster.close();
    }

    @Test
    void allKubectlsSayTheSame() throws InterruptedException, ExecutionException {
        List<Kubectls.Found> all = Kubectls.all();
        tellMissing(all.stream().map(Kubectls.Found::minor).collect(Collectors.toSet()));
        List<String> complaints = new ArrayList<>();
        try (ExecutorService users = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Future<List<String>>> ends = all.stream()
                    .map(kubectl -> users.submit(() -> complaints(kubectl)))
                    .toList();
            for (Future<List<String>> end : ends) {
                complaints.addAll(end.get());
            }
        }
        assertThat(all).isNotEmpty();
        assertThat(complaints).isEmpty();
    }

    private static void tellMissing(Set<Integer> found) {
        for (int minor : Kubectls.WANTED) {
            if (!found.contains(minor)) {
                System.out.println("LEFT OUT KubectlVersionsTest kubectl 1." + minor
                        + ": not on this machine (see e2e/kubectls/build)");
            }
        }
    }

    /** What went otherwise than the script says. */
    private static List<String> complaints(Kubectls.Found kubectl) throws IOException, InterruptedException {
        String namespace = "kubectl-" + kubectl.minor();
        Path folder = Files.createDirectories(cluster.home().resolve(namespace));
        KubectlScript script =
                KubectlScript.with(Map.of("NS", namespace, "NODE", cluster.name(), "ADDRESS", "https://127.0.0.1:"));
        script.writeFiles(folder);
        Files.writeString(folder.resolve("csr.yaml"), request(namespace));
        List<String> complaints = new ArrayList<>();
        for (KubectlScript.Step step : script.steps(kubectl.minor())) {
            List<String> command = new ArrayList<>(List.of(kubectl.program().toString(), "--namespace", namespace));
            command.addAll(step.command());
            ProcessBuilder builder = cluster.builder(command).directory(folder.toFile());
            Result result = step.forwards() ? forwarded(builder) : Program.run(builder, "");
            step.complaint(result).ifPresent(complaints::add);
        }
        return complaints;
    }

    /** A port-forward ends when it is told to: after a page came through it. */
    private static Result forwarded(ProcessBuilder builder) throws IOException, InterruptedException {
        try (Forward forward = Forward.of(new Background(builder))) {
            String page = forward.get("/");
            Result end = forward.interrupt();
            return new Result(end.command(), end.status(), end.out() + page, end.err());
        }
    }

    private static String request(String name) {
        String pem = TestAuthority.request("CN=" + name, TestAuthority.newKeys());
        return """
                apiVersion: certificates.k8s.io/v1
                kind: CertificateSigningRequest
                metadata: {name: %s}
                spec: {signerName: kubernetes.io/kube-apiserver-client, usages: [client auth], request: %s}
                """.formatted(name, Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.US_ASCII)));
    }
}
