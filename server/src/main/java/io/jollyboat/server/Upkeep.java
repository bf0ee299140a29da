package io.jollyboat.server;

import io.jollyboat.api.Api;
import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.Meta;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.Target;
import io.jollyboat.store.Store;
import io.jollyboat.store.StoreException;
import io.jollyboat.world.Task;
import io.jollyboat.world.World;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What the server does of its own accord: it keeps its own objects right, lets events expire, forgets old revisions. */
final class Upkeep {
    static final Duration INTERVAL = Duration.ofSeconds(10);
    static final Duration EVENT_LIFE = Duration.ofHours(1);
    /** What was written before the last compaction but one can no longer be watched from, as in Kubernetes. */
    static final Duration COMPACTION = Duration.ofMinutes(5);

    private static final Logger LOG = System.getLogger(Upkeep.class.getName());
    private static final Resource EVENT = Resources.kind("v1", "Event");
    private static final List<String> TIMES = List.of("lastTimestamp", "eventTime", "firstTimestamp");

    private final World world;
    private final Store store;
    private final Storage storage;
    private final Api api;
    private final Own own;
    private final Deletion deletion;
    private long compactAt; // on the monotonic clock
    private long compactTo;

    /** The objects that are the server's own. */
    record Own(Bootstrap bootstrap, FairnessObjects fairness) {}

    Upkeep(World world, Store store, Storage storage, Api api, Own own, Deletion deletion) {
        this.world = world;
        this.store = store;
        this.storage = storage;
        this.api = api;
        this.own = own;
        this.deletion = deletion;
        this.compactAt = world.nanoTime() + COMPACTION.toNanos();
        this.compactTo = store.revision();
    }

    /** Goes on until the task is cancelled. */
    Task start() {
        Followers guard = Guard.start(world, storage, own.bootstrap());
        Followers addresses = AddressObjects.start(world, storage, api);
        Followers fairness = own.fairness().start();
        return world.start("server-upkeep", () -> {
            try (guard;
                    addresses;
                    fairness) {
                while (!Thread.currentThread().isInterrupted()) {
                    world.sleep(INTERVAL);
                    once();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** One round; what fails is logged, hinders nothing else and comes again in the next. */
    synchronized void once() {
        attempt(own.bootstrap()::repair);
        attempt(own.fairness()::settle);
        attempt(this::expireEvents);
        attempt(this::compact);
    }

    private static void attempt(Runnable step) {
        try {
            step.run();
        } catch (StatusException | StoreException e) {
            LOG.log(Level.WARNING, "upkeep: {0}", e.getMessage());
        }
    }

    private void expireEvents() {
        Instant limit = world.now().minus(EVENT_LIFE);
        for (ObjectNode event : storage.all(EVENT, "")) {
            if (lastSeen(event).filter(time -> time.isBefore(limit)).isPresent()) {
                expire(event);
            }
        }
    }

    /** Whoever deletes or renews it at the same time comes first. */
    private void expire(ObjectNode event) {
        Target target = Target.of(EVENT, Meta.namespace(event), Meta.name(event));
        try {
            deletion.delete(target, DeleteOptions.DEFAULT.withUid(Meta.uid(event)));
        } catch (StatusException e) {
            if (!e.is(Reason.NOT_FOUND) && !e.is(Reason.CONFLICT)) {
                throw e;
            }
        }
    }

    /** The newest time that an event names. */
    static Optional<Instant> lastSeen(JsonNode event) {
        Stream<String> own = TIMES.stream().map(field -> event.path(field).stringValue(""));
        Stream<String> others = Stream.of(
                event.path("series").path("lastObservedTime").stringValue(""),
                event.path("metadata").path("creationTimestamp").stringValue(""));
        return Stream.concat(own, others).flatMap(Upkeep::time).max(Instant::compareTo);
    }

    private static Stream<Instant> time(String text) {
        try {
            return text.isEmpty() ? Stream.of() : Stream.of(Instant.parse(text));
        } catch (DateTimeParseException e) {
            return Stream.of();
        }
    }

    private void compact() {
        if (world.nanoTime() - compactAt >= 0) {
            if (compactTo > store.compacted()) {
                store.compact(compactTo);
            }
            compactTo = store.revision();
            compactAt = world.nanoTime() + COMPACTION.toNanos();
        }
    }
}
