package io.jollyboat.bench;

import io.jollyboat.cluster.Cluster;
import io.jollyboat.cluster.Folders;
import io.jollyboat.cluster.Kubeconfig;
import io.jollyboat.cluster.Settings;
import io.jollyboat.world.World;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A whole control plane in a process of its own, in the JVM that the command gives its server. */
final class ControlPlane implements AutoCloseable {
    private static final String READY = "ready";

    private final Process process;
    private final Settings settings;
    private final Folders folders;

    private ControlPlane(Process process, Settings settings, Folders folders) {
        this.process = process;
        this.settings = settings;
        this.folders = folders;
    }

    /** The server's own side: runs until its input ends. */
    public static void main(String[] args) throws IOException {
        Settings settings = Settings.named("bench").at(0, Integer.parseInt(args[1]), Integer.parseInt(args[2]));
        try (Cluster _ = Cluster.rehearse(settings, new Folders(Path.of(args[0])), World.system())) {
            System.out.println(READY);
            System.in.readAllBytes();
        }
    }

    /** Starts one with its data in a folder, and returns when its port is open. */
    static ControlPlane start(Path folder) throws IOException {
        Settings settings = Settings.named("bench").at(0, freePort(), freePort());
        List<String> arguments = List.of(
                folder.toString(), Integer.toString(settings.apiPort()), Integer.toString(settings.registryPort()));
        Process process = new ProcessBuilder(ServerJvm.command(ControlPlane.class, arguments))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (String line = output.readLine(); !READY.equals(line); line = output.readLine()) {
            if (line == null) {
                throw new IllegalStateException("the server did not start");
            }
            System.err.println(line);
        }
        return new ControlPlane(process, settings, new Folders(folder));
    }

    long process() {
        return process.pid();
    }

    int port() {
        return settings.apiPort();
    }

    Kubeconfig.Access administrator() {
        return Cluster.administrator(settings, folders, World.system());
    }

    /** Where its certificates are, those of its authority and of the port among them. */
    Path certificates() {
        return folders.certificates();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        process.getOutputStream().close();
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }
}
