package io.jollyboat.node;

import io.jollyboat.api.Quantity;
import io.jollyboat.node.cri.CriException;
import io.jollyboat.world.World;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Keeps the node's disk from filling up: removes unused images when it is rather full; when next to nothing is left, tells
 * so in the Node's status (which keeps new Pods away), removes all unused images, then ends one Pod after another.
 *
 * <p>Source: Kubernetes documentation, "Garbage Collection" and "Node-pressure Eviction".
 */
final class DiskWatch {
    static final Duration PERIOD = Duration.ofSeconds(10);

    /** Images are looked at so often while there is room. */
    static final Duration IMAGE_PERIOD = Duration.ofMinutes(5);

    /** The pressure is over when it was not felt so long. */
    static final Duration CALM = Duration.ofMinutes(5);

    private static final System.Logger LOG = System.getLogger(DiskWatch.class.getName());

    private final World world;
    private final NodeHost host;
    private final ImageCollector images;
    private final Supplier<Disk> measure;
    private final Supplier<List<PodWorker>> workers;
    private final NodeEvents events;
    private Optional<Long> lastImages = Optional.empty();
    private volatile Optional<Long> lastPressure = Optional.empty();

    /** Tells users what happens to their node. */
    interface NodeEvents {
        void record(boolean warning, String reason, String message);
    }

    DiskWatch(
            World world,
            NodeHost host,
            ImageCollector images,
            Supplier<Disk> measure,
            Supplier<List<PodWorker>> workers,
            NodeEvents events) {
        this.world = world;
        this.host = host;
        this.images = images;
        this.measure = measure;
        this.workers = workers;
        this.events = events;
    }

    /** Whether the Node's status shall say {@code DiskPressure}. */
    boolean pressure() {
        return lastPressure
                .filter(when -> world.nanoTime() - when < CALM.toNanos())
                .isPresent();
    }

    /** The body of the task. */
    void run() {
        try {
            while (true) {
                try {
                    step();
                } catch (CriException | NodeException e) {
                    LOG.log(System.Logger.Level.DEBUG, "{0}: {1}", host.name(), e.getMessage());
                }
                world.sleep(PERIOD);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One look. */
    void step() {
        Disk disk = measure.get();
        if (disk.underPressure()) {
            relieve(disk);
        } else if (due()) {
            lastImages = Optional.of(world.nanoTime());
            images.look();
            collect(disk.excess());
        }
    }

    private boolean due() {
        return lastImages.isEmpty() || world.nanoTime() - lastImages.get() >= IMAGE_PERIOD.toNanos();
    }

    private void collect(long excess) {
        if (excess == 0) {
            return;
        }
        long freed = images.free(excess);
        if (freed < excess) {
            events.record(
                    true,
                    "FreeDiskSpaceFailed",
                    ("Failed to garbage collect required amount of images. Attempted to free %d bytes, but only found"
                                    + " %d bytes eligible to free.")
                            .formatted(excess, freed));
        }
    }

    private void relieve(Disk disk) {
        if (!pressure()) {
            events.record(
                    false, "NodeHasDiskPressure", "Node %s status is now: NodeHasDiskPressure".formatted(host.name()));
        }
        lastPressure = Optional.of(world.nanoTime());
        events.record(true, "EvictionThresholdMet", "Attempting to reclaim ephemeral-storage");
        images.free(disk.threshold());
        Disk now = measure.get();
        if (!now.underPressure()) {
            return;
        }
        List<Victim> candidates = workers.get().stream()
                .filter(worker -> worker.seen().anyRunning() && !worker.evicted())
                .map(worker -> Victim.of(worker, host))
                .toList();
        Victim.first(candidates)
                .ifPresent(victim -> victim.worker()
                        .evict(
                                ("The node was low on resource: ephemeral-storage. Threshold quantity: %s, available: %s. ")
                                        .formatted(Quantity.ofBytes(now.threshold()), kibibytes(now.available()))));
    }

    private static String kibibytes(long bytes) {
        return bytes / 1024 + "Ki";
    }
}
