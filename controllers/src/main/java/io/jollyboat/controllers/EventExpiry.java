package io.jollyboat.controllers;

import io.jollyboat.api.Api;
import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.client.Change;
import io.jollyboat.client.Controller;
import io.jollyboat.client.Key;
import io.jollyboat.client.Loop;
import io.jollyboat.client.Mirror;
import io.jollyboat.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Deletes events an hour after they were last written. All live equally long, so they wait in one queue in the order
 * of their writing, and nothing looks at them before their time. Age is measured from when this process saw the write;
 * only for those that were there before it, the event's own time counts, at most as an hour.
 */
final class EventExpiry implements Controller {
    static final Duration LIFE = Duration.ofHours(1);

    private record Waiting(Key key, String uid, Instant last, long due) {}

    private final Api api;
    private final World world;
    private final Mirror<ExpiringEvent> events;
    private final Loop<String> loop;
    private final Deque<Waiting> queue = new ArrayDeque<>(); // guarded by itself

    EventExpiry(Api api, World world, Mirror<ExpiringEvent> events) {
        this.api = api;
        this.world = world;
        this.events = events;
        this.loop = new Loop<>(world, "event-expiry", this::handle);
        events.onChange(this::changed);
    }

    @Override
    public List<Mirror<?>> reads() {
        return List.of(events);
    }

    @Override
    public List<Loop<?>> loops() {
        return List.of(loop);
    }

    private void changed(Change<ExpiringEvent> change) {
        ExpiringEvent event = change.versions().getLast();
        if (change instanceof Change.Removed<ExpiringEvent>) {
            return;
        }
        Duration age = Duration.between(event.last(), world.now());
        Duration left = events.synced() || age.isNegative() ? LIFE : LIFE.minus(age);
        Duration wait = left.isNegative() ? Duration.ZERO : left;
        Metadata metadata = event.metadata();
        synchronized (queue) {
            queue.add(new Waiting(metadata.key(), metadata.uid(), event.last(), world.nanoTime() + wait.toNanos()));
        }
        loop.addAfter("oldest", wait);
    }

    private void handle(String oldest) {
        while (true) {
            Waiting first;
            synchronized (queue) {
                first = queue.peek();
            }
            if (first == null) {
                return;
            }
            long left = first.due - world.nanoTime();
            if (left > 0) {
                loop.addAfter(oldest, Duration.ofNanos(left));
                return;
            }
            expire(first);
            synchronized (queue) {
                queue.remove();
            }
        }
    }

    private void expire(Waiting first) {
        boolean unchanged = events.snapshot()
                .get(first.key)
                .filter(event ->
                        event.metadata().uid().equals(first.uid) && event.last().equals(first.last))
                .isPresent();
        if (!unchanged) {
            return; // gone, or written again: then it waits further back in the queue
        }
        try {
            api.delete(first.key.in(events.resource()), DeleteOptions.now().withUid(first.uid));
        } catch (StatusException e) {
            if (!e.is(Reason.NOT_FOUND) && !e.is(Reason.CONFLICT)) {
                throw e;
            }
        }
    }
}
