package io.jollyboat.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.Api;
import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.ListOptions;
import io.jollyboat.api.Meta;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.Target;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.api.schema.BuiltInSchema;
import io.jollyboat.server.Server;
import io.jollyboat.server.User;
import io.jollyboat.store.MemoryStore;
import io.jollyboat.world.ManualWorld;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class EventRecorderTest {
    private static final Resource EVENTS = Resources.kind("v1", "Event");
    private static final EventRecorder.About POD =
            new EventRecorder.About("v1", "Pod", "default", "p", "uid-p", "7", "spec.containers{c}");

    private final ManualWorld world = new ManualWorld(Instant.parse("2026-01-01T00:00:00.5Z"), 1);
    private final Api api = Server.over(world, new MemoryStore(), BuiltInSchema.schema())
            .build()
            .as(User.component("tester"));
    private final EventRecorder recorder = new EventRecorder(api, world, "kubelet", "n1");

    @BeforeEach
    void namespace() {
        ObjectNode namespace = JsonMapper.shared().createObjectNode();
        namespace.putObject("metadata").put("name", "default");
        api.create(Resources.kind("v1", "Namespace"), "", namespace, WriteOptions.by("tester"));
    }

    @Test
    void anEventSaysWhatHappenedToWhomWhenAndWhoTells() throws InterruptedException {
        recorder.warning(POD, "BackOff", "Back-off restarting");
        drain();
        ObjectNode event = events().getFirst();
        assertThat(Meta.name(event)).startsWith("p.");
        assertThat(event.path("involvedObject").toString())
                .isEqualTo("{\"kind\":\"Pod\",\"namespace\":\"default\",\"name\":\"p\",\"uid\":\"uid-p\","
                        + "\"apiVersion\":\"v1\",\"resourceVersion\":\"7\",\"fieldPath\":\"spec.containers{c}\"}");
        assertThat(event.path("type").asString()).isEqualTo("Warning");
        assertThat(event.path("reason").asString()).isEqualTo("BackOff");
        assertThat(event.path("message").asString()).isEqualTo("Back-off restarting");
        assertThat(event.path("count").asInt()).isEqualTo(1);
        assertThat(event.path("firstTimestamp").asString()).isEqualTo("2026-01-01T00:00:00Z");
        assertThat(event.path("source").path("component").asString()).isEqualTo("kubelet");
        assertThat(event.path("source").path("host").asString()).isEqualTo("n1");
    }

    @Test
    void theSameAgainRaisesTheCountAlsoWhileItWaits() throws InterruptedException {
        recorder.normal(POD, "Pulled", "image");
        recorder.normal(POD, "Pulled", "image");
        drain();
        world.advance(Duration.ofMinutes(1));
        recorder.normal(POD, "Pulled", "image");
        drain();
        assertThat(events()).hasSize(1);
        assertThat(events().getFirst().path("count").asInt()).isEqualTo(3);
        assertThat(events().getFirst().path("firstTimestamp").asString()).isEqualTo("2026-01-01T00:00:00Z");
        assertThat(events().getFirst().path("lastTimestamp").asString()).isEqualTo("2026-01-01T00:01:00Z");
    }

    @Test
    void anEventThatHasExpiredBeginsAnew() throws InterruptedException {
        recorder.normal(POD, "Pulled", "image");
        drain();
        api.delete(Target.of(EVENTS, "default", Meta.name(events().getFirst())), DeleteOptions.now());
        recorder.normal(POD, "Pulled", "image");
        drain();
        assertThat(events()).hasSize(1);
        assertThat(events().getFirst().path("count").asInt()).isEqualTo(2);
    }

    @Test
    void anObjectThatTellsTooMuchIsCutShort() throws InterruptedException {
        for (int i = 0; i < 100; i++) {
            recorder.normal(POD, "Noise", "number " + i);
        }
        drain();
        assertThat(events()).hasSize(EventRecorder.BURST);
        world.advance(Duration.ofSeconds(EventRecorder.REFILL_SECONDS + 1));
        recorder.normal(POD, "Noise", "one more");
        recorder.normal(POD, "Noise", "and another");
        drain();
        assertThat(events()).hasSize(EventRecorder.BURST + 1);
    }

    @Test
    void clusterScopedObjectsHaveTheirEventsInDefaultAndAMissingNamespaceIsNoTrouble() throws InterruptedException {
        recorder.normal(new EventRecorder.About("v1", "Node", "", "n1", "n1", "", ""), "Starting", "");
        recorder.normal(new EventRecorder.About("v1", "Pod", "gone", "p", "u", "", ""), "Killing", "");
        drain();
        assertThat(events())
                .extracting(event -> event.path("reason").asString(""))
                .containsExactly("Starting");
        assertThat(recorder.loop().untilNext()).isEmpty();
    }

    private List<ObjectNode> events() {
        return api.list(EVENTS, "", ListOptions.ALL).items();
    }

    private void drain() throws InterruptedException {
        for (int i = 0; recorder.poll(); i++) {
            assertThat(i).isLessThan(1000);
        }
    }
}
