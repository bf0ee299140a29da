package io.jollyboat.cli;

import io.jollyboat.cluster.ClusterException;
import io.jollyboat.images.Builder;
import io.jollyboat.images.Recipe;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code jolly image}: what the embedded registry holds. */
@Command(
        name = "image",
        description = "Brings images into the cluster's registry and lists them.",
        mixinStandardHelpOptions = true)
final class Image implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing: load, build or ls");
    }

    @Command(
            name = "load",
            description = "Loads archives (docker save, or OCI layouts in a tar).",
            mixinStandardHelpOptions = true)
    int load(@Mixin Named cluster, @Parameters(arity = "1..*", paramLabel = "FILE") List<Path> files) {
        PrintWriter out = spec.commandLine().getOut();
        for (Path file : files) {
            if (!Files.isRegularFile(file)) {
                throw new ClusterException(file + " is not a file");
            }
            try {
                new Remote(cluster).load(BodyPublishers.ofFile(file)).forEach(out::println);
            } catch (FileNotFoundException e) {
                throw new ClusterException(file + " cannot be read", e);
            }
        }
        return 0;
    }

    @Command(
            name = "build",
            description = "Builds images from the recipes (" + Recipe.FILE + ") in folders and loads them.",
            mixinStandardHelpOptions = true)
    int build(@Mixin Named cluster, @Parameters(arity = "1..*", paramLabel = "FOLDER") List<Path> folders) {
        for (Path folder : folders) {
            byte[] archive = Builder.build(Recipe.read(folder));
            new Remote(cluster).load(archive).forEach(spec.commandLine().getOut()::println);
        }
        return 0;
    }

    @Command(name = "ls", description = "Lists the images in the cluster's registry.", mixinStandardHelpOptions = true)
    int list(@Mixin Named cluster) {
        new Remote(cluster).names().forEach(spec.commandLine().getOut()::println);
        return 0;
    }

    /** The registry of a cluster that runs in another process. */
    static final class Remote implements Shelf {
        private final Named cluster;
        private final HttpClient client = HttpClient.newHttpClient();

        Remote(Named cluster) {
            this.cluster = cluster;
        }

        @Override
        public List<String> load(byte[] archive) {
            return load(BodyPublishers.ofByteArray(archive));
        }

        List<String> load(BodyPublisher archive) {
            return send("POST", archive);
        }

        @Override
        public List<String> names() {
            return send("GET", BodyPublishers.noBody());
        }

        private List<String> send(String method, BodyPublisher body) {
            URI uri = URI.create("http://127.0.0.1:" + cluster.existing().registryPort() + "/archives");
            try {
                HttpResponse<String> answer = client.send(
                        HttpRequest.newBuilder(uri).method(method, body).build(), BodyHandlers.ofString());
                if (answer.statusCode() != 200) {
                    throw new ClusterException("the registry refused it: " + answer.body());
                }
                return answer.body().lines().toList();
            } catch (IOException e) {
                throw new ClusterException(
                        "the registry of cluster " + cluster.name + " cannot be reached: start it with `" + cluster.up()
                                + "`",
                        e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ClusterException("interrupted while talking to the registry", e);
            }
        }
    }
}
