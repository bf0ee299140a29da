package io.jollyboat.server;

import io.jollyboat.api.Api;
import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.Patch;
import io.jollyboat.api.Resource;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.api.schema.BuiltInSchema;
import io.jollyboat.store.MemoryStore;
import io.jollyboat.world.ManualWorld;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/** One server, the actors that use it at the same time, and the witness who looks after each turn. */
final class Simulation {
    /** So many addresses has the range that Services get theirs from, and so many node ports there are. */
    static final int ADDRESSES = 14;

    private static final int FIRST_PORT = 30000;
    private static final Set<Reason> USUAL = Set.of(
            Reason.CONFLICT, Reason.NOT_FOUND, Reason.ALREADY_EXISTS, Reason.INVALID, Reason.EXPIRED, Reason.FORBIDDEN);

    final Turns turns;
    final Random random;
    final Api api;
    final Witness witness;
    final MemoryStore store = new MemoryStore();

    Simulation(long seed) {
        turns = new Turns(seed);
        random = turns.random();
        witness = new Witness(store);
        ManualWorld world = new ManualWorld(Instant.parse("2026-01-01T00:00:00Z"), seed);
        api = Server.over(world, new TurnStore(store, turns), BuiltInSchema.schema())
                .settings(Settings.DEFAULT
                        .withServiceCidrs(List.of("10.43.0.0/28"))
                        .withNodePorts(FIRST_PORT, FIRST_PORT + ADDRESSES - 1))
                .build()
                .as(User.component("tester"));
        create(Fixture.NAMESPACE, "{metadata:{name:'default'}}");
        create(
                io.jollyboat.api.Resources.kind("v1", "ServiceAccount"),
                "{metadata:{name:'default',namespace:'default'}}");
    }

    void add(String name, Runnable body) {
        turns.add(name, body);
    }

    /** Has an actor do something several times. */
    void add(String name, int times, Runnable once) {
        turns.add(name, () -> {
            for (int i = 0; i < times; i++) {
                once.run();
            }
        });
    }

    void run() throws InterruptedException {
        witness.look();
        turns.run(witness::look);
        witness.look();
    }

    /** What comes of a request; empty for a refusal that is usual where others write too. */
    Optional<ObjectNode> tried(Supplier<ObjectNode> request) {
        try {
            return Optional.of(request.get());
        } catch (StatusException e) {
            boolean full = e.getMessage().endsWith("range is full");
            if (!USUAL.contains(e.failure().reason()) && !full) {
                throw e;
            }
            return Optional.empty();
        }
    }

    ObjectNode create(Resource resource, String text) {
        return api.create(resource, Fixture.namespaceOf(resource), Fixture.json(text), WriteOptions.by("tester"));
    }

    ObjectNode merge(Resource resource, String name, String text) {
        return api.patch(
                Fixture.target(resource, name), new Patch.Merge(Fixture.json(text)), WriteOptions.by("tester"));
    }

    ObjectNode delete(Resource resource, String name, DeleteOptions options) {
        return api.delete(Fixture.target(resource, name), options);
    }

    <T> T any(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
