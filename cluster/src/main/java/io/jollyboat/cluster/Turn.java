package io.jollyboat.cluster;

import io.jollyboat.world.World;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;

/**
 * Whoever starts a cluster takes turns with all others on this machine, wherever they keep theirs: between the choice of
 * a free port and its opening nobody else chooses. The kernel ends the turn of a process that ends.
 */
public final class Turn implements AutoCloseable {
    private static final Path FILE = Path.of("/run/lock/jollyboat");
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration STEP = Duration.ofMillis(20);

    private final FileChannel file;

    private Turn(FileChannel file) {
        this.file = file;
    }

    /**
     * Waits for the turn; it ends when it is closed.
     *
     * @throws ClusterException when another does not end his within a minute
     */
    public static Turn take(World world) {
        return take(FILE, LIMIT, world);
    }

    static Turn take(Path path, Duration limit, World world) {
        try {
            Files.createDirectories(path.resolveSibling(""));
            FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            Turn turn = new Turn(file);
            boolean taken = false;
            try {
                taken = turn.await(limit, world);
            } finally {
                if (!taken) {
                    file.close();
                }
            }
            if (!taken) {
                throw new ClusterException("another `jolly up` has been starting a cluster for " + limit.toSeconds()
                        + " s: wait for it, or end it");
            }
            return turn;
        } catch (IOException e) {
            throw new ClusterException(path + " cannot be locked: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClusterException("interrupted while another cluster was started", e);
        }
    }

    private boolean await(Duration limit, World world) throws IOException, InterruptedException {
        long end = world.nanoTime() + limit.toNanos();
        while (lock(file).isEmpty()) {
            if (world.nanoTime() - end > 0) {
                return false;
            }
            world.sleep(STEP);
        }
        return true;
    }

    private static Optional<FileLock> lock(FileChannel file) throws IOException {
        try {
            return Optional.ofNullable(file.tryLock());
        } catch (OverlappingFileLockException e) {
            return Optional.empty(); // this process has it
        }
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new ClusterException("the lock of a turn cannot be given back: " + e.getMessage(), e);
        }
    }
}
