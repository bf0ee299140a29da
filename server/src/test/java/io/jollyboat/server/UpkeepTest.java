package io.jollyboat.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.Api;
import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.ListOptions;
import io.jollyboat.api.Meta;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.Target;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.world.Task;
import io.jollyboat.world.World;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

final class UpkeepTest {
    private static final Resource EVENT = Resources.kind("v1", "Event");
    private final Fixture cluster = new Fixture();

    @Test
    void eventsExpire() {
        String event = "{metadata:{name:'%s'},involvedObject:{namespace:'default'},lastTimestamp:'%s'}";
        cluster.create(EVENT, event.formatted("old", "2026-01-01T00:00:00Z"));
        cluster.create(EVENT, event.formatted("young", "2026-01-01T00:30:00Z"));
        cluster.world.advance(Duration.ofMinutes(61));
        cluster.server.upkeep().once();
        assertThat(cluster.api.list(EVENT, "", ListOptions.ALL).items())
                .extracting(Meta::name)
                .containsExactly("young");
    }

    @Test
    void revisionsAreForgottenAfterTwoRounds() {
        cluster.server.upkeep().once();
        long first = cluster.store.revision();
        cluster.world.advance(Upkeep.COMPACTION);
        cluster.server.upkeep().once();
        assertThat(cluster.store.compacted()).isLessThan(first);
        cluster.world.advance(Upkeep.COMPACTION);
        cluster.server.upkeep().once();
        assertThat(cluster.store.compacted()).isEqualTo(first);
    }

    @Test
    void whereTheOwnServicesLeadIsPutRightLongBeforeTheNextRound() throws InterruptedException {
        Task upkeep = cluster.server.start();
        Api api = cluster.api;
        Resource slices = Resources.kind("discovery.k8s.io/v1", "EndpointSlice");
        Target slice = Target.of(slices, "kube-system", "kube-dns");
        Target service = Target.of(Fixture.SERVICE, "default", "kubernetes");
        Target endpoints = Target.of(Resources.kind("v1", "Endpoints"), "default", "kubernetes");
        ObjectNode wanted = api.get(slice);
        String address = api.get(service).at("/spec/clusterIP").asString();

        String uid = Meta.uid(api.get(service));
        api.delete(service, DeleteOptions.DEFAULT);
        await(() -> find(api, service).filter(now -> !Meta.uid(now).equals(uid)));
        assertThat(api.get(service).at("/spec/clusterIP").asString()).isEqualTo(address);
        await(() -> find(api, endpoints));

        ObjectNode astray = wanted.deepCopy();
        ((ObjectNode) astray.at("/endpoints/0")).putArray("addresses").add("10.9.9.9");
        api.update(slice, astray, WriteOptions.by("tester"));
        await(() -> find(api, slice).filter(now -> now.path("endpoints").equals(wanted.path("endpoints"))));

        upkeep.cancel();
        assertThat(upkeep.join(Duration.ofSeconds(60))).isTrue();
    }

    /** By the server's clock a third of a round of the upkeep is the bound, which is long by that of a busy machine. */
    private void await(Supplier<Optional<ObjectNode>> wanted) throws InterruptedException {
        long end = cluster.world.nanoTime() + Upkeep.INTERVAL.dividedBy(3).toNanos();
        while (wanted.get().isEmpty()) {
            assertThat(cluster.world.nanoTime()).as("waited in vain").isLessThan(end);
            cluster.world.advance(Duration.ofMillis(1));
            World.system().sleep(Duration.ofMillis(10));
        }
    }

    private static Optional<ObjectNode> find(Api api, Target target) {
        try {
            return Optional.of(api.get(target));
        } catch (StatusException e) {
            return Optional.empty();
        }
    }

    @Test
    void itStopsWhenCancelled() throws InterruptedException {
        Task task = cluster.server.start();
        assertThat(cluster.get(Fixture.NAMESPACE, "kube-system")).isNotNull();
        task.cancel();
        assertThat(task.join(Duration.ofSeconds(60))).isTrue();
    }
}
