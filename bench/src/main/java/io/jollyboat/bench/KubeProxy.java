package io.jollyboat.bench;

import io.jollyboat.cluster.Kubeconfig;
import io.jollyboat.linux.NetworkNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The stock kube-proxy in a namespace, following an API on loopback there. */
final class KubeProxy implements AutoCloseable {
    private final Process process;

    private KubeProxy(Process process) {
        this.process = process;
    }

    /** @param mode {@code nftables} or {@code iptables} */
    static KubeProxy start(Path program, NetworkNamespace namespace, Kubeconfig.Access access, String mode, Path folder)
            throws IOException {
        Path kubeconfig = Files.createDirectories(folder).resolve("kubeconfig");
        Kubeconfig.read(kubeconfig).with("bench", access).write();
        Process process = new ProcessBuilder(
                        "nsenter",
                        "--net=" + namespace.file(),
                        program.toString(),
                        "--kubeconfig=" + kubeconfig,
                        "--proxy-mode=" + mode,
                        "--hostname-override=bench",
                        "--cluster-cidr=10.42.0.0/16",
                        "--conntrack-max-per-core=0",
                        "--conntrack-tcp-timeout-established=0",
                        "--conntrack-tcp-timeout-close-wait=0",
                        "--healthz-bind-address=127.0.0.1:10256",
                        "--metrics-bind-address=127.0.0.1:10249")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        return new KubeProxy(process);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
