package io.jollyboat.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.ListOptions;
import io.jollyboat.api.Meta;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.world.Task;
import java.time.Duration;
import org.junit.jupiter.api.Test;

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
    void itStopsWhenCancelled() throws InterruptedException {
        Task task = cluster.server.start();
        assertThat(cluster.get(Fixture.NAMESPACE, "kube-system")).isNotNull();
        task.cancel();
        assertThat(task.join(Duration.ofSeconds(10))).isTrue();
    }
}
