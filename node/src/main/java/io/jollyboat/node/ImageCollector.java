package io.jollyboat.node;

import io.jollyboat.node.ImageGarbage.Held;
import io.jollyboat.node.cri.Cri;
import io.jollyboat.node.cri.CriException;
import io.jollyboat.node.cri.PauseImage;
import io.jollyboat.node.cri.v1.Container;
import io.jollyboat.node.cri.v1.Image;
import io.jollyboat.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Knows since when images are here and when they were used last, and removes what {@link ImageGarbage} chooses. */
final class ImageCollector {
    private static final System.Logger LOG = System.getLogger(ImageCollector.class.getName());

    private final Cri cri;
    private final World world;
    private final Map<String, Long> seen = new HashMap<>(); // when, by id
    private final Map<String, Long> used = new HashMap<>();

    ImageCollector(Cri cri, World world) {
        this.cri = cri;
        this.world = world;
    }

    /** Notes which images are here and which of them are in use. */
    List<Held> look() {
        long now = world.nanoTime();
        Set<String> inUse = new HashSet<>();
        for (Container container : cri.containers(Map.of())) {
            inUse.add(container.getImageRef());
            inUse.add(container.getImage().getImage());
        }
        List<Held> held = new ArrayList<>();
        for (Image image : cri.images()) {
            String id = image.getId();
            boolean busy = inUse.contains(id)
                    || image.getRepoTagsList().stream().anyMatch(inUse::contains)
                    || image.getRepoDigestsList().stream().anyMatch(inUse::contains);
            seen.putIfAbsent(id, now);
            if (busy) {
                used.put(id, now);
            }
            boolean kept = busy || image.getPinned() || image.getRepoTagsList().contains(PauseImage.NAME);
            held.add(new Held(
                    id,
                    image.getSize(),
                    Duration.ofNanos(now - seen.getOrDefault(id, now)),
                    Duration.ofNanos(now - used.getOrDefault(id, seen.getOrDefault(id, now))),
                    kept));
        }
        Set<String> present = new HashSet<>();
        held.forEach(image -> present.add(image.id()));
        seen.keySet().retainAll(present);
        used.keySet().retainAll(present);
        return held;
    }

    /** Removes images worth so many bytes if there are; returns how many bytes that were. */
    long free(long bytes) {
        long freed = 0;
        for (Held image : ImageGarbage.choose(look(), bytes)) {
            try {
                cri.removeImage(image.id());
                freed += image.bytes();
                LOG.log(System.Logger.Level.INFO, "image {0}: removed, {1} bytes", image.id(), image.bytes());
            } catch (CriException e) {
                LOG.log(System.Logger.Level.WARNING, "image {0}: cannot be removed: {1}", image.id(), e.getMessage());
            }
        }
        return freed;
    }
}
