package io.jollyboat.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.client.Key;
import io.jollyboat.world.World;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Who asks learns when an ending Pod's address is no longer a ready endpoint, and not before. */
class DeparturesTest {
    private static final String POD = "10.42.0.5";
    private static final Endpoint READY = Endpoint.ready(POD, new EndpointPort("", Protocol.TCP, 80));
    private static final Endpoint WANTED_IN_ANY_CASE =
            new Endpoint(POD, "", READY.ports(), true, true, true, "", "", READY.zones(), READY.nodes());

    private final LiveTable table = new LiveTable();
    private final Departures departures = new Departures(World.system(), table);

    DeparturesTest() {
        put("shop", "web", READY);
    }

    private void put(String namespace, String service, Endpoint... endpoints) {
        table.put(Service.of((ObjectNode) JsonMapper.shared().readTree("""
                {"metadata": {"namespace": "%s", "name": "%s"}, "spec": {"ports": [{"port": 80}]}}
                """.formatted(namespace, service))));
        Key key = new Key(namespace, service);
        table.put(new EndpointSlice(new Key(namespace, service + "-x"), key, List.of(endpoints)));
    }

    private boolean left(String namespace, Duration limit) {
        try {
            return departures.await(namespace, List.of(POD, "fd00::5"), limit);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private boolean left() {
        return left("shop", Duration.ofMillis(1));
    }

    @Test
    void aReadyEndpointHasNotLeft() {
        assertThat(left()).isFalse();
        put("shop", "web");
        assertThat(left()).isTrue();
    }

    @Test
    void whatEndsOrIsNotReadyHasLeft() {
        put("shop", "web", READY.ending(true));
        assertThat(left()).isTrue();
        put("shop", "web", WANTED_IN_ANY_CASE);
        assertThat(left()).isTrue();
    }

    @Test
    void allServicesOfThePodsNamespaceCount() {
        put("shop", "second", READY);
        put("shop", "web");
        assertThat(left()).isFalse();
        assertThat(left("elsewhere", Duration.ofMillis(1))).isTrue();
    }

    @Test
    void whoWaitsIsToldAndListenersHaveHeardOfIt() {
        CompletableFuture<Boolean> heard = new CompletableFuture<>();
        CompletableFuture<Boolean> told =
                CompletableFuture.supplyAsync(() -> left("shop", Duration.ofMinutes(1)) && heard.isDone());
        table.onChange((now, services) -> {
            if (now.get(new Key("shop", "web")).orElseThrow().ready().isEmpty()) {
                heard.complete(true);
            }
        });
        put("shop", "other", READY.ending(true));
        put("shop", "web", READY.ending(true));
        assertThat(told.join()).isTrue();
    }

    @Test
    void manyOtherChangesDoNotMakeItWaitLonger() {
        CompletableFuture<Boolean> told = CompletableFuture.supplyAsync(() -> left("shop", Duration.ofMillis(50)));
        for (int i = 0; !told.isDone(); i++) {
            put("shop", "other", i % 2 == 0 ? READY : READY.ending(true));
        }
        assertThat(told.join()).isFalse();
    }
}
