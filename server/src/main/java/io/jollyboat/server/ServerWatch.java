package io.jollyboat.server;

import io.jollyboat.api.Resource;
import io.jollyboat.api.Watch;
import io.jollyboat.api.WatchEvent;
import io.jollyboat.api.WatchOptions;
import io.jollyboat.store.Changes;
import io.jollyboat.world.World;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * One reader's watch: first the objects that were there, then the store's changes as far as the selection meets them.
 * A change that makes an object match is ADDED, one that makes it match no longer is DELETED.
 */
final class ServerWatch implements Watch {
    private final World world;
    private final Storage storage;
    private final Selection selection;
    private final Changes changes;
    private final boolean bookmarks;
    private final Duration bookmarkInterval;
    private final Deque<WatchEvent> ready = new ArrayDeque<>();
    private long sent; // the revision up to which the reader knows everything
    private long lastEvent; // on the monotonic clock

    ServerWatch(
            World world,
            Storage storage,
            Selection selection,
            Changes changes,
            long start,
            List<ObjectNode> initial,
            WatchOptions options,
            Duration bookmarkInterval) {
        this.world = world;
        this.storage = storage;
        this.selection = selection;
        this.changes = changes;
        this.bookmarks = options.bookmarks();
        this.bookmarkInterval = bookmarkInterval;
        this.sent = start;
        this.lastEvent = world.nanoTime();
        initial.forEach(object -> ready.add(new WatchEvent(WatchEvent.Type.ADDED, object)));
        if (options.sendInitialEvents() && bookmarks) {
            ready.add(bookmark(start, true));
        }
    }

    @Override
    public Optional<WatchEvent> next(Duration limit) throws InterruptedException {
        long deadline = world.nanoTime() + limit.toNanos();
        while (ready.isEmpty()) {
            long now = world.nanoTime();
            long bookmarkIn = bookmarks ? lastEvent + bookmarkInterval.toNanos() - now : Long.MAX_VALUE;
            long wait = Math.max(0, Math.min(deadline - now, bookmarkIn));
            List<Changes.Change> found = changes.next(Duration.ofNanos(wait));
            found.forEach(this::take);
            if (found.isEmpty()) {
                return bookmarkIfDue();
            }
        }
        lastEvent = world.nanoTime();
        return Optional.of(ready.remove());
    }

    private Optional<WatchEvent> bookmarkIfDue() {
        long now = world.nanoTime();
        if (!bookmarks || changes.ended() || now - lastEvent < bookmarkInterval.toNanos()) {
            return Optional.empty();
        }
        lastEvent = now;
        sent = Math.max(sent, changes.seen());
        return Optional.of(bookmark(sent, false));
    }

    private void take(Changes.Change change) {
        sent = change.revision();
        Resource resource = selection.resource();
        Optional<SharedObject> before = change.previous().map(storage::decode);
        boolean matched = before.map(b -> Conversions.out(resource, b))
                .filter(selection::matches)
                .isPresent();
        Optional<ObjectNode> now = change.entry()
                .map(storage::decode)
                .map(shared -> Conversions.out(resource, shared))
                .filter(selection::matches);
        if (now.isPresent()) {
            ready.add(new WatchEvent(matched ? WatchEvent.Type.MODIFIED : WatchEvent.Type.ADDED, now.get()));
        } else if (matched) {
            SharedObject last = before.orElseThrow().at(change.revision());
            ready.add(new WatchEvent(WatchEvent.Type.DELETED, Conversions.out(resource, last)));
        }
    }

    private WatchEvent bookmark(long revision, boolean initialEventsEnd) {
        Resource resource = selection.resource();
        ObjectNode object = JsonMapper.shared().createObjectNode();
        object.put("kind", resource.kind()).put("apiVersion", resource.apiVersion());
        ObjectNode metadata = object.putObject("metadata").put("resourceVersion", Long.toString(revision));
        if (initialEventsEnd) {
            metadata.putObject("annotations").put("k8s.io/initial-events-end", "true");
        }
        return new WatchEvent(WatchEvent.Type.BOOKMARK, object);
    }

    @Override
    public boolean ended() {
        return ready.isEmpty() && changes.ended();
    }

    @Override
    public void close() {
        changes.close();
    }
}
