package io.jollyboat.node.host;

import io.jollyboat.linux.Cgroups;
import io.jollyboat.linux.LinuxException;
import io.jollyboat.linux.Mounts;
import io.jollyboat.node.NodeException;
import io.jollyboat.node.cri.Connection;
import io.jollyboat.node.cri.Cri;
import io.jollyboat.node.cri.CriException;
import io.jollyboat.world.Task;
import io.jollyboat.world.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

/**
 * A node's own containerd: a process in the node's network namespace that outlives this one, is found again by its
 * process id, and is started again when it vanishes.
 */
final class Containerd implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Containerd.class.getName());
    private static final Duration START_LIMIT = Duration.ofSeconds(20);
    private static final Duration STEP = Duration.ofMillis(10);
    private static final Duration CALL_LIMIT = Duration.ofSeconds(5);
    private static final Duration END_LIMIT = Duration.ofSeconds(5);
    private static final Duration RESTART_PAUSE = Duration.ofSeconds(1);

    private final NodeSettings settings;
    private final ContainerdFiles files;
    private final World world;
    private final Connection connection;
    private volatile boolean closed;
    private Optional<Task> keeper = Optional.empty();

    Containerd(NodeSettings settings, World world) {
        this.settings = settings;
        this.world = world;
        this.files = new ContainerdFiles(settings);
        this.connection = Connection.to(settings.socket());
    }

    Connection connection() {
        return connection;
    }

    /** Starts containerd, or finds the one that runs, waits until it answers, and then keeps it running. */
    void start() {
        files.write();
        Optional<ProcessHandle> running = running();
        if (running.isPresent() && !isInside(running.get())) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "{0}: the network of the running containers is lost, starting them again",
                    settings.node());
            end();
            files.write();
            running = Optional.empty();
        }
        ProcessHandle process = running.isPresent() ? running.get() : launch();
        awaitAnswer(process);
        keeper = Optional.of(world.start("containerd " + settings.id(), () -> keep(process)));
    }

    private Optional<ProcessHandle> running() {
        try {
            long id = Long.parseLong(Files.readString(files.processId()).strip());
            return ProcessHandle.of(id).filter(process -> isOurs(process.pid()));
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Process ids are used again: only one that was started with our configuration is ours. */
    private boolean isOurs(long process) {
        return commandLine(process).contains(files.configuration().toString());
    }

    /** Whether it lives in the node's network namespace, not in one whose name was taken away. */
    private boolean isInside(ProcessHandle process) {
        try {
            return Files.isSameFile(Path.of("/proc", Long.toString(process.pid()), "ns/net"), settings.namespaceFile());
        } catch (IOException e) {
            return false;
        }
    }

    private static List<String> commandLine(long process) {
        try {
            return List.of(Files.readString(Path.of("/proc", Long.toString(process), "cmdline"))
                    .split("\0"));
        } catch (IOException e) {
            return List.of();
        }
    }

    private ProcessHandle launch() {
        // A session of its own, so that no signal to this process's group reaches it.
        var command = new ProcessBuilder(
                "setsid",
                "nsenter",
                "--net=" + settings.namespaceFile(),
                "containerd",
                "--config",
                files.configuration().toString());
        command.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.to(files.log().toFile()))
                .redirectInput(Path.of("/dev/null").toFile());
        command.environment().put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        try {
            Process process = command.start();
            Files.writeString(files.processId(), Long.toString(process.pid()));
            LOG.log(System.Logger.Level.INFO, "{0}: containerd started", settings.node());
            return process.toHandle();
        } catch (IOException e) {
            throw new NodeException("cannot start containerd (" + e.getMessage() + "): install the package", e);
        }
    }

    private void awaitAnswer(ProcessHandle process) {
        long end = world.nanoTime() + START_LIMIT.toNanos();
        var cri = new Cri(connection);
        while (!closed) {
            try {
                cri.version(CALL_LIMIT);
                return;
            } catch (CriException e) {
                if (e.unimplemented() || !process.isAlive() || world.nanoTime() - end > 0) {
                    throw new NodeException(
                            "containerd does not answer (" + e.getMessage() + "); it says: " + lastWords(), e);
                }
            }
            connection.reconnect();
            pause(STEP);
        }
    }

    private String lastWords() {
        try {
            List<String> lines = Files.readAllLines(files.log()).stream()
                    .filter(line -> !line.contains("level=info"))
                    .toList();
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
        } catch (IOException e) {
            return "nothing";
        }
    }

    private void keep(ProcessHandle first) {
        ProcessHandle process = first;
        while (!closed) {
            try {
                process.onExit().get();
                if (closed) {
                    return;
                }
                LOG.log(System.Logger.Level.WARNING, "{0}: containerd ended, starting it again", settings.node());
                process = launch();
                awaitAnswer(process);
            } catch (InterruptedException e) {
                return;
            } catch (ExecutionException | NodeException e) {
                if (closed) {
                    return;
                }
                LOG.log(System.Logger.Level.WARNING, "{0}: {1}", settings.node(), e.getMessage());
                pause(RESTART_PAUSE);
            }
        }
    }

    private void pause(Duration duration) {
        try {
            world.sleep(duration);
        } catch (InterruptedException e) {
            closed = true;
            Thread.currentThread().interrupt();
        }
    }

    /** Lets containerd and all containers run on. */
    @Override
    public void close() {
        closed = true;
        keeper.ifPresent(this::end);
        connection.close();
    }

    /** Waits too, so that nothing is started any more once this is closed. */
    private void end(Task task) {
        task.cancel();
        try {
            task.join(END_LIMIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Ends containerd, every container and every shim, and takes away what they hold: sockets, mounts, control groups.
     * Needs no answer of containerd, so it works over any wreck.
     */
    void stop() {
        close();
        end();
    }

    private void end() {
        running().ifPresent(this::end);
        List<Path> shimSockets = shimSockets();
        endProcesses();
        shimSockets.forEach(Containerd::deleteQuietly);
        for (Path folder : List.of(settings.runFolder(), settings.folder())) {
            try {
                Mounts.removeBelow(folder);
            } catch (LinuxException e) {
                LOG.log(System.Logger.Level.WARNING, "{0}: {1}", settings.node(), e.getMessage());
            }
        }
        Cgroups.remove(settings.cgroup());
        Folders.delete(settings.runFolder());
    }

    private void end(ProcessHandle process) {
        process.destroy();
        await(process, END_LIMIT);
        process.destroyForcibly();
        await(process, END_LIMIT);
    }

    private void await(ProcessHandle process, Duration limit) {
        long end = world.nanoTime() + limit.toNanos();
        while (process.isAlive() && world.nanoTime() - end < 0) {
            pause(STEP);
        }
    }

    /** Kills what is in the Pods' control groups, then the shims, again while some are left. */
    private void endProcesses() {
        long end = world.nanoTime() + END_LIMIT.toNanos();
        while (world.nanoTime() - end < 0) {
            List<Long> left = Stream.concat(Cgroups.processes(settings.cgroup()).stream(), shims())
                    .toList();
            if (left.isEmpty()) {
                return;
            }
            left.forEach(id -> ProcessHandle.of(id).ifPresent(ProcessHandle::destroyForcibly));
            pause(STEP);
        }
    }

    /** The shims that were started for our socket. */
    private Stream<Long> shims() {
        return ProcessHandle.allProcesses().map(ProcessHandle::pid).filter(id -> {
            List<String> words = commandLine(id);
            return !words.isEmpty()
                    && words.getFirst().endsWith("containerd-shim-runc-v2")
                    && words.contains(settings.socket().toString());
        });
    }

    /** Each shim noted in its folder where its socket is, outside of our folders. */
    private List<Path> shimSockets() {
        Path tasks = files.state().resolve("io.containerd.runtime.v2.task/k8s.io");
        if (!Files.isDirectory(tasks)) {
            return List.of();
        }
        try (Stream<Path> each = Files.list(tasks)) {
            return each.map(folder -> folder.resolve("address"))
                    .filter(Files::isRegularFile)
                    .map(Containerd::socketIn)
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static Path socketIn(Path file) {
        try {
            return Path.of(Files.readString(file).strip().replaceFirst("^unix://", ""));
        } catch (IOException e) {
            return file;
        }
    }

    private static void deleteQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "cannot delete {0}: {1}", file, e.getMessage());
        }
    }
}
