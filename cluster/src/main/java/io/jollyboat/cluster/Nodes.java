package io.jollyboat.cluster;

import io.jollyboat.node.host.NestedNode;
import io.jollyboat.node.host.NodeLink;
import io.jollyboat.node.host.NodeSettings;
import io.jollyboat.world.Task;
import io.jollyboat.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** What the nodes of a cluster are called and where they are: {@code jolly}, {@code jolly-2}, {@code jolly-3}. */
final class Nodes {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    private Nodes() {}

    /** The name of the node with that number, from 0. The first is called as the cluster. */
    static String name(String cluster, int number) {
        return number == 0 ? cluster : cluster + "-" + (number + 1);
    }

    /** The nested nodes of a cluster, the first one first. */
    static List<NodeSettings> all(Settings settings, Folders folders) {
        List<NodeSettings> alone = IntStream.range(0, settings.nodes())
                .mapToObj(number -> settings(settings, folders, number))
                .toList();
        return IntStream.range(0, alone.size())
                .mapToObj(number -> alone.get(number).withLinks(links(alone, number)))
                .toList();
    }

    /**
     * The nodes of which anything is on this machine, whatever became of the cluster's settings: what a node has here
     * bears names that they do not change. The first is always among them.
     */
    static List<NodeSettings> remaining(String cluster, Folders folders) {
        Settings largest = Settings.named(cluster).withNodes(Settings.MOST_NODES);
        List<NodeSettings> all = all(largest, folders);
        List<NodeSettings> found = new ArrayList<>(List.of(all.getFirst()));
        all.stream().skip(1).filter(NestedNode::remains).forEach(found::add);
        return found;
    }

    /** Whether anything of any node is on this machine. */
    static boolean remain(String cluster, Folders folders) {
        return remaining(cluster, folders).stream().anyMatch(NestedNode::remains);
    }

    /**
     * Does something with several nodes side by side.
     *
     * @throws RuntimeException the first that was thrown, once all have ended
     */
    static void each(List<NodeSettings> nodes, World world, Consumer<NodeSettings> action) {
        ConcurrentLinkedQueue<RuntimeException> problems = new ConcurrentLinkedQueue<>();
        List<Task> tasks = nodes.stream()
                .map(node -> world.start("node " + node.node(), () -> {
                    try {
                        action.accept(node);
                    } catch (RuntimeException e) {
                        problems.add(e);
                    }
                }))
                .toList();
        try {
            for (Task task : tasks) {
                if (!task.join(LIMIT)) {
                    throw new ClusterException("a node has not ended within " + LIMIT.toSeconds() + " s");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClusterException("interrupted while nodes end", e);
        }
        Optional.ofNullable(problems.peek()).ifPresent(problem -> {
            throw problem;
        });
    }

    private static NodeSettings settings(Settings settings, Folders folders, int number) {
        String node = name(settings.name(), number);
        return new NodeSettings(
                settings.name(),
                node,
                folders.node(node),
                AddressPlan.here(settings).node(number),
                settings.uplink(),
                Optional.of("http://" + settings.hostAddress() + ":" + settings.registryPort()),
                List.of());
    }

    /** What a node must know of all others to be linked with them. */
    private static List<NodeLink> links(List<NodeSettings> nodes, int number) {
        return IntStream.range(0, nodes.size())
                .filter(other -> other != number)
                .mapToObj(other -> new NodeLink(
                        nodes.get(other).id(),
                        device(other),
                        device(number),
                        nodes.get(other).addresses()))
                .toList();
    }

    /** The device that leads to a node: {@code node-2} to the second. */
    private static String device(int number) {
        return "node-" + (number + 1);
    }
}
