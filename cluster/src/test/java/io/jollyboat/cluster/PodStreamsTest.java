package io.jollyboat.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.Streams;
import io.jollyboat.api.Target;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PodStreamsTest {
    private static final Map<String, String> PLACES =
            Map.of("web", "jolly", "api", "jolly-2", "pending", "", "lost", "jolly-3");
    private static final Streams.LogOptions PLAIN =
            new Streams.LogOptions("", false, false, false, Optional.empty(), "", Optional.empty(), Optional.empty());
    private static final Streams.Wanted WANTED = new Streams.Wanted(false, true, false, false);

    private final PodStreams streams = new PodStreams(
            pod -> PLACES.get(pod.name()),
            node -> node.equals("jolly-3") ? Optional.empty() : Optional.of(new FakeStreams(node)));

    /** Tells in every answer which node gave it. */
    private record FakeStreams(String node) implements Streams {
        @Override
        public InputStream logs(Target pod, LogOptions options) {
            return new ByteArrayInputStream((node + " " + pod.name()).getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public Session exec(Target pod, String container, List<String> command, Wanted wanted) {
            throw StatusException.badRequest(node + " " + command);
        }

        @Override
        public Session attach(Target pod, String container, Wanted wanted) {
            throw StatusException.badRequest(node + " " + container);
        }

        @Override
        public ByteChannel dial(Target pod, int port) throws IOException {
            throw new IOException(node + " " + port);
        }
    }

    private static Target pod(String name) {
        return Target.of(Resources.kind("v1", "Pod"), "default", name);
    }

    private String log(String pod) throws IOException {
        try (InputStream log = streams.logs(pod(pod), PLAIN)) {
            return new String(log.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void eachVerbGoesToThePodsNode() throws IOException {
        assertThat(log("web")).isEqualTo("jolly web");
        assertThat(log("api")).isEqualTo("jolly-2 api");
        assertThatThrownBy(() -> streams.exec(pod("api"), "c", List.of("id"), WANTED))
                .hasMessage("jolly-2 [id]");
        assertThatThrownBy(() -> streams.attach(pod("web"), "c", WANTED)).hasMessage("jolly c");
        assertThatThrownBy(() -> streams.dial(pod("api"), 80)).hasMessage("jolly-2 80");
    }

    @Test
    void aPodWithoutANodeHasSaidNothing() throws IOException {
        assertThat(log("pending")).isEmpty();
        assertThatThrownBy(() -> streams.exec(pod("pending"), "c", List.of("id"), WANTED))
                .hasMessage("pod pending does not have a host assigned");
    }

    @Test
    void aNodeThatIsNotUpRefuses() {
        assertThatThrownBy(() -> streams.dial(pod("lost"), 80))
                .isInstanceOfSatisfying(
                        StatusException.class,
                        e -> assertThat(e.is(Reason.SERVICE_UNAVAILABLE)).isTrue())
                .hasMessageContaining("node jolly-3 is not up");
    }
}
