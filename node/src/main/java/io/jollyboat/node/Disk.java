package io.jollyboat.node;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How full the disk is on which the node's images, logs and volumes lie.
 *
 * @param total bytes
 * @param available bytes of it that are free
 */
record Disk(long total, long available) {
    /** As the kubelet's {@code imageGCHighThresholdPercent} and {@code imageGCLowThresholdPercent}. */
    static final int HIGH_PERCENT = 85;

    static final int LOW_PERCENT = 80;

    /** Less than a tenth is pressure, as for the kubelet; but of a large disk two gigabytes are enough. */
    private static final int PRESSURE_PART = 10;

    private static final long ENOUGH = 2L << 30;

    static Disk of(Path folder) {
        try {
            FileStore store = Files.getFileStore(folder);
            return new Disk(store.getTotalSpace(), store.getUsableSpace());
        } catch (IOException e) {
            throw new NodeException("cannot learn how full the disk is: " + e.getMessage(), e);
        }
    }

    long usedPercent() {
        return total == 0 ? 0 : 100 - 100 * available / total;
    }

    /** How many bytes to free so that no more than {@link #LOW_PERCENT} are used; 0 below {@link #HIGH_PERCENT}. */
    long excess() {
        return usedPercent() < HIGH_PERCENT ? 0 : Math.max(0, total / 100 * (100 - LOW_PERCENT) - available);
    }

    /** So much must be free, or the node is under pressure. */
    long threshold() {
        return Math.min(total / PRESSURE_PART, ENOUGH);
    }

    boolean underPressure() {
        return available < threshold();
    }
}
