package io.jollyboat.node;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Decides which images go when the disk fills up: those that nobody uses, the longest unused first. */
final class ImageGarbage {
    /** What came or was used a moment ago stays: somebody may be about to use it. */
    static final Duration LEAST_AGE = Duration.ofMinutes(2);

    private ImageGarbage() {}

    /**
     * An image that is here.
     *
     * @param seen how long ago it was first seen
     * @param unused how long ago it was last seen in use, or first seen where it never was
     * @param kept it must stay: it is in use, or holds the sandboxes together
     */
    record Held(String id, long bytes, Duration seen, Duration unused, boolean kept) {}

    /** The images to remove so that at least so many bytes come free; fewer where there are not so many. */
    static List<Held> choose(List<Held> images, long bytes) {
        List<Held> candidates = images.stream()
                .filter(image -> !image.kept()
                        && image.seen().compareTo(LEAST_AGE) >= 0
                        && image.unused().compareTo(LEAST_AGE) >= 0)
                .sorted(Comparator.comparing(Held::unused)
                        .thenComparing(Held::seen)
                        .reversed()
                        .thenComparing(Held::id))
                .toList();
        List<Held> chosen = new ArrayList<>();
        long freed = 0;
        for (Held image : candidates) {
            if (freed >= bytes) {
                break;
            }
            chosen.add(image);
            freed += image.bytes();
        }
        return chosen;
    }
}
