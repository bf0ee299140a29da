package io.jollyboat.server;

import io.jollyboat.api.Resource;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.Watch;
import io.jollyboat.api.WatchOptions;
import io.jollyboat.store.Changes;
import io.jollyboat.store.CompactedException;
import io.jollyboat.world.World;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Opens watches. The store follows the changes and bounds what waits for a slow reader; no thread is needed here. */
final class Watching {
    /** How often what is present is read before the client is told to come again. */
    private static final int ATTEMPTS = 3;

    private final World world;
    private final Storage storage;
    private final PodPlaces places;
    private final Revisions revisions;
    private final Duration bookmarkInterval;

    Watching(World world, Storage storage, PodPlaces places, Revisions revisions, Duration bookmarkInterval) {
        this.world = world;
        this.storage = storage;
        this.places = places;
        this.revisions = revisions;
        this.bookmarkInterval = bookmarkInterval;
    }

    /**
     * A watch from where the options say: after a revision, or beginning with the objects that are there.
     *
     * <p>Source: Kubernetes API concepts, "Efficient detection of changes"; KEP-956 and KEP-3157 for bookmarks.
     *
     * @return a watch whose {@code next} throws 410 where the position is too old
     * @throws StatusException 400 for bad selectors and versions, 504 for a version that is not yet there
     */
    Watch open(Resource resource, String namespace, WatchOptions options) {
        Selection selection = Selection.parse(resource, options.labelSelector(), options.fieldSelector());
        String prefix = selection.prefix(Conversions.stored(resource), namespace);
        long after = options.resourceVersion().isEmpty() ? 0 : Revisions.parse(options.resourceVersion());
        revisions.await(after);
        if (after > 0 && !options.sendInitialEvents()) {
            try {
                return follow(selection, prefix, after, options, List.of());
            } catch (CompactedException e) {
                return new ExpiredWatch(Revisions.tooOld(after, e.compacted()));
            }
        }
        return fromPresent(selection, prefix, options);
    }

    /** What is present, and then what changes; read anew where so much was written meanwhile that it is forgotten. */
    private Watch fromPresent(Selection selection, String prefix, WatchOptions options) {
        for (int attempt = 1; ; attempt++) {
            Storage.Page present = places.newest(selection, prefix);
            List<ObjectNode> initial =
                    present.objects().stream().filter(selection::matches).toList();
            try {
                return follow(selection, prefix, present.revision(), options, initial);
            } catch (CompactedException e) {
                if (attempt == ATTEMPTS) {
                    return new ExpiredWatch(Revisions.tooOld(present.revision(), e.compacted()));
                }
            }
        }
    }

    private Watch follow(
            Selection selection, String prefix, long after, WatchOptions options, List<ObjectNode> initial) {
        String node = PodPlaces.node(selection);
        Changes changes = node.isEmpty() ? storage.watch(prefix, after) : storage.watch(prefix, after, places, node);
        return new ServerWatch(world, storage, selection, changes, after, initial, options, bookmarkInterval);
    }

    /** A watch whose position was forgotten; it says so when it is read, as the stream of a client would. */
    private record ExpiredWatch(StatusException expired) implements Watch {
        @Override
        public java.util.Optional<io.jollyboat.api.WatchEvent> next(Duration limit) {
            throw expired;
        }

        @Override
        public boolean ended() {
            return false;
        }

        @Override
        public void close() {}
    }
}
