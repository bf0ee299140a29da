package io.jollyboat.cli;

import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.ListOptions;
import io.jollyboat.api.ObjectList;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.Target;
import io.jollyboat.api.Watch;
import io.jollyboat.api.WatchOptions;
import io.jollyboat.client.Connection;
import io.jollyboat.client.HttpApi;
import io.jollyboat.cluster.Folders;
import io.jollyboat.cluster.Kubeconfig;
import io.jollyboat.cluster.Settings;
import io.jollyboat.world.World;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What every start of the command does, done once so that the JVM can keep what it loaded and linked (JEP 483). The
 * server, which is another process with other classes, is trained in the same go: it is started in a temporary folder
 * as a {@link Rehearsal}, asked over HTTP, and ended. Takes some seconds; needs neither root rights nor containerd.
 */
final class Training {
    private static final Duration READY_LIMIT = Duration.ofSeconds(20);
    private static final long END_SECONDS = 60;
    private static final String NAME = "training";
    /** What kubectl asks before and while it works: the path, and the form it wants. */
    private static final Map<String, String> ASKED = Map.of(
            "/apis",
            "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList",
            "/api",
            "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList",
            "/openapi/v3",
            "application/json",
            "/openapi/v3/apis/apps/v1",
            "application/json",
            "/version",
            "application/json",
            "/api/v1/namespaces/default/pods",
            "application/json;as=Table;v=v1;g=meta.k8s.io");

    private final World world = World.system();
    private final Path folder;

    private Training(Path folder) {
        this.folder = folder;
    }

    /**
     * Trains the command, which is this process, and the server.
     *
     * @param serverCache the file that the server's JVM shall write
     */
    static void run(Path serverCache) {
        try {
            Path folder = Files.createTempDirectory("jolly-training");
            try {
                Jolly.command("status").parseArgs("status", "--name", NAME);
                new Training(folder).train(serverCache);
            } finally {
                io.jollyboat.node.host.Folders.delete(folder);
            }
        } catch (IOException e) {
            throw new IllegalStateException("the training needs a temporary folder and a free port", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void train(Path serverCache) throws IOException, InterruptedException {
        Folders folders = new Folders(folder.resolve(NAME));
        Files.createDirectories(folders.root());
        Settings.named(NAME).at(0, freePort(), freePort()).write(folders.settings());
        Process server = new ProcessBuilder(
                        System.getProperty("jolly.home", ".") + "/bin/jolly",
                        "--rehearse",
                        serverCache.toString(),
                        folders.root().toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (OutputStream end = server.getOutputStream();
                BufferedReader said = server.inputReader()) {
            if (!Rehearsal.READY.equals(said.readLine())) {
                throw new IllegalStateException("the rehearsing server did not start");
            }
            Kubeconfig.Access access =
                    Kubeconfig.read(folders.administrator()).access(NAME).orElseThrow();
            Connection connection = access.connection();
            ask(Settings.read(folders.settings()).orElseThrow(), new HttpApi(connection, world));
            ASKED.forEach((path, form) -> ask(connection, path, form));
            end.write('\n');
            end.flush();
            said.transferTo(Writer.nullWriter());
        } finally {
            if (!server.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                server.destroyForcibly();
            }
        }
    }

    /** What the commands ask, and what kubectl's users do. */
    private static void ask(Settings settings, HttpApi api) throws InterruptedException {
        if (!api.ready()) {
            throw new IllegalStateException("the server is not ready");
        }
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        Status.describe(settings, api, nowhere);
        Resource pods = Resources.kind("v1", "Pod");
        ObjectList all = api.list(pods, "default", ListOptions.ALL);
        try (Watch watch = api.watch(pods, "default", WatchOptions.from(all.resourceVersion()))) {
            String name = all.items().getFirst().path("metadata").path("name").asString("");
            api.delete(Target.of(pods, "default", name), DeleteOptions.DEFAULT);
            watch.next(READY_LIMIT);
        }
    }

    private static void ask(Connection connection, String path, String form) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(connection.server() + path))
                .header("Accept", form)
                .build();
        try (HttpClient client =
                HttpClient.newBuilder().sslContext(connection.tls()).build()) {
            client.send(request, BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new IllegalStateException(path + " cannot be read", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
