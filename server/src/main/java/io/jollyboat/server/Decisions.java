package io.jollyboat.server;

import io.jollyboat.api.Resource;
import io.jollyboat.api.Target;
import io.jollyboat.api.selectors.FieldSelector;
import io.jollyboat.server.measures.Histogram;
import io.jollyboat.server.measures.Measure;
import io.jollyboat.world.World;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/** Counts what an authorizer decides, under Kubernetes' names. */
final class Decisions implements Authorizer {
    private static final double[] STEPS = Histogram.growing(0.001, 2, 15);

    private final World world;
    private final Authorizer authorizer;
    private final Map<String, Histogram> results = new ConcurrentHashMap<>();

    Decisions(World world, Authorizer authorizer) {
        this.world = world;
        this.authorizer = authorizer;
    }

    List<Measure> measures() {
        Function<String, String> labels = result -> "result=\"" + result + "\"";
        return List.of(
                Measure.counters(
                        "authorization_attempts_total",
                        "Decisions on what users may do.",
                        results,
                        labels,
                        Histogram::count),
                Measure.histograms(
                        "authorization_duration_seconds", "How long they took.", results, labels, one -> one));
    }

    private Decision counted(Supplier<Decision> decide) {
        long start = world.nanoTime();
        Decision decision = decide.get();
        results.computeIfAbsent(decision.allowed() ? "allowed" : "no-opinion", result -> new Histogram(STEPS))
                .add(Duration.ofNanos(world.nanoTime() - start));
        return decision;
    }

    @Override
    public Decision decide(
            User user, String verb, Resource resource, String namespace, String name, String subresource) {
        return counted(() -> authorizer.decide(user, verb, resource, namespace, name, subresource));
    }

    @Override
    public Decision decideMany(
            User user, String verb, Resource resource, String namespace, String name, FieldSelector fields) {
        return counted(() -> authorizer.decideMany(user, verb, resource, namespace, name, fields));
    }

    @Override
    public Decision decidePath(User user, String verb, String path) {
        return counted(() -> authorizer.decidePath(user, verb, path));
    }

    @Override
    public void checkGrant(User user, Target target, Optional<ObjectNode> before, ObjectNode after) {
        authorizer.checkGrant(user, target, before, after);
    }
}
