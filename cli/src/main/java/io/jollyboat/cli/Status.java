package io.jollyboat.cli;

import io.jollyboat.api.Api;
import io.jollyboat.api.ListOptions;
import io.jollyboat.api.Resources;
import io.jollyboat.cluster.Clusters;
import io.jollyboat.cluster.Folders;
import io.jollyboat.cluster.Settings;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code jolly status}: which clusters are here, and how this one is. */
@Command(
        name = "status",
        description = "Tells how the cluster is. Exit status 0 when it runs, 1 when not.",
        mixinStandardHelpOptions = true)
final class Status implements Callable<Integer> {
    @Mixin
    private Named cluster = new Named();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Settings settings = cluster.existing();
        Optional<ProcessHandle> server = Clusters.server(cluster.name);
        String state = server.map(p -> "runs (process " + p.pid() + ")").orElse("is stopped");
        out.println("cluster    " + cluster.name + " " + state);
        out.println("API        https://127.0.0.1:" + settings.apiPort());
        out.println("registry   127.0.0.1:" + settings.registryPort());
        out.println("context    " + cluster.context());
        out.println("data       " + cluster.folders().root());
        others().ifPresent(names -> out.println("others     " + names));
        if (server.isEmpty()) {
            out.println("`" + cluster.up() + "` starts it");
            return Jolly.FAILED;
        }
        Reach.api(cluster).ifPresent(api -> describe(settings, api, out));
        out.flush();
        return 0;
    }

    private Optional<String> others() {
        List<String> names =
                Folders.clusters().stream().filter(n -> !n.equals(cluster.name)).toList();
        return names.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", names));
    }

    static void describe(Settings settings, Api api, PrintWriter out) {
        Map<String, String> nodes = new LinkedHashMap<>();
        settings.nodeNames().forEach(name -> nodes.put(name, "has not registered yet"));
        for (JsonNode node :
                api.list(Resources.kind("v1", "Node"), "", ListOptions.ALL).items()) {
            nodes.put(node.path("metadata").path("name").asString(""), state(node));
        }
        nodes.forEach((name, state) -> out.println("node       " + name + " " + state));
        long running = 0;
        long all = 0;
        for (JsonNode pod :
                api.list(Resources.kind("v1", "Pod"), "", ListOptions.ALL).items()) {
            all++;
            running += pod.path("status").path("phase").asString("").equals("Running") ? 1 : 0;
        }
        out.println("Pods       " + running + " of " + all + " running");
    }

    private static String state(JsonNode node) {
        String state = "is not ready";
        for (JsonNode condition : node.path("status").path("conditions")) {
            if (condition.path("type").asString("").equals("Ready")
                    && condition.path("status").asString("").equals("True")) {
                state = "is ready";
            }
        }
        return state;
    }
}
