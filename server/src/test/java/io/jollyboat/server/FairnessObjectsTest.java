package io.jollyboat.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.Api;
import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.Meta;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.api.schema.BuiltInSchema;
import io.jollyboat.store.MemoryStore;
import io.jollyboat.world.Task;
import io.jollyboat.world.World;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The objects of priority and fairness: made, kept right where they must be, and told what they lack. */
final class FairnessObjectsTest {
    private final Fixture cluster = new Fixture();
    private final FairnessObjects objects =
            new FairnessObjects(cluster.world, cluster.server.storage(), cluster.server.internal());

    private JsonNode condition(String schema) {
        JsonNode conditions = cluster.get(Fairness.SCHEMA, schema).at("/status/conditions");
        assertThat(conditions).hasSize(1);
        return conditions.get(0);
    }

    @Test
    void kubernetesOwnAreMadeOnceAndThenLeftAlone() {
        objects.settle();
        assertThat(objects.known().levels())
                .hasSize(8)
                .noneMatch(level -> Meta.uid(level).isEmpty());
        assertThat(objects.known().schemas())
                .extracting(Meta::name)
                .containsExactlyInAnyOrderElementsOf(
                        Fairness.usual().schemas().stream().map(Meta::name).toList());
        for (ObjectNode schema : Fairness.usual().schemas()) {
            assertThat(condition(Meta.name(schema)).path("status").asString()).isEqualTo("False");
            assertThat(cluster.get(Fairness.SCHEMA, Meta.name(schema)).path("spec"))
                    .isEqualTo(schema.path("spec"));
        }
        long before = cluster.store.revision();
        objects.settle();
        assertThat(cluster.store.revision()).isEqualTo(before);
    }

    @Test
    void theMandatoryOnesArePutRightAndTheSuggestedOnesMayBeOnesOwn() {
        objects.settle();
        String shares = "{spec:{limited:{nominalConcurrencyShares:77}}}";
        String own = "{metadata:{annotations:{'apf.kubernetes.io/autoupdate-spec':'false'}},"
                + "spec:{limited:{nominalConcurrencyShares:77}}}";
        cluster.merge(Fairness.LEVEL, "catch-all", own);
        cluster.merge(Fairness.LEVEL, "system", shares);
        cluster.merge(Fairness.LEVEL, "workload-low", own);
        cluster.merge(Fairness.LEVEL, "exempt", "{spec:{exempt:{nominalConcurrencyShares:5}}}");
        cluster.delete(Fairness.SCHEMA, "exempt");
        cluster.delete(Fairness.SCHEMA, "probes");
        objects.settle();
        assertThat(shares("catch-all")).isEqualTo(5);
        assertThat(Meta.annotations(cluster.get(Fairness.LEVEL, "catch-all")))
                .containsEntry(FairnessObjects.MAINTAINED, "true");
        assertThat(shares("system")).isEqualTo(30);
        assertThat(shares("workload-low")).isEqualTo(77);
        assertThat(cluster.get(Fairness.LEVEL, "exempt")
                        .at("/spec/exempt/nominalConcurrencyShares")
                        .asInt())
                .isEqualTo(5);
        assertThat(cluster.get(Fairness.SCHEMA, "exempt")
                        .at("/spec/matchingPrecedence")
                        .asInt())
                .isOne();
        assertThat(cluster.get(Fairness.SCHEMA, "probes")).isNotNull();
    }

    private int shares(String level) {
        return cluster.get(Fairness.LEVEL, level)
                .at("/spec/limited/nominalConcurrencyShares")
                .asInt();
    }

    @Test
    void aSchemaIsToldWhetherItsLevelIsThere() {
        cluster.create(Fairness.SCHEMA, "{metadata:{name:'mine'},spec:{priorityLevelConfiguration:{name:'late'}}}");
        objects.settle();
        assertThat(condition("mine").path("type").asString()).isEqualTo("Dangling");
        assertThat(condition("mine").path("status").asString()).isEqualTo("True");
        assertThat(condition("mine").path("reason").asString()).isEqualTo("NotFound");
        assertThat(condition("mine").path("message").asString())
                .isEqualTo("This FlowSchema references the PriorityLevelConfiguration object named \"late\""
                        + " but there is no such object");
        cluster.create(
                Fairness.LEVEL,
                "{metadata:{name:'late'},spec:{type:'Limited',limited:{limitResponse:{type:'Reject'}}}}");
        objects.settle();
        assertThat(condition("mine").path("status").asString()).isEqualTo("False");
        assertThat(condition("mine").path("reason").asString()).isEqualTo("Found");
        assertThat(condition("mine").path("message").asString())
                .isEqualTo("This FlowSchema references the PriorityLevelConfiguration object named \"late\""
                        + " and it exists");
    }

    @Test
    void aStartedServerFollowsWhatIsStored() throws InterruptedException {
        World real = World.system();
        Server server =
                Server.over(real, new MemoryStore(), BuiltInSchema.schema()).build();
        assertThat(server.fairness()).isSameAs(Fairness.usual());
        Api api = server.as(User.component("tester"));
        Task upkeep = server.start();
        await(
                real,
                () -> server.fairness().schemas().size() == 13
                        && server.fairness().schemas().stream()
                                .noneMatch(schema -> Meta.uid(schema).isEmpty()));
        ObjectNode own = Fixture.json("{metadata:{name:'own'},spec:{priorityLevelConfiguration:{name:'system'}}}");
        api.create(Fairness.SCHEMA, "", own, WriteOptions.by("tester"));
        await(real, () -> server.fairness().schemas().size() == 14);
        api.delete(Fixture.target(Fairness.SCHEMA, "own"), DeleteOptions.DEFAULT);
        await(real, () -> server.fairness().schemas().size() == 13);
        upkeep.cancel();
        assertThat(upkeep.join(Duration.ofMinutes(1))).isTrue();
    }

    private static void await(World world, BooleanSupplier wanted) throws InterruptedException {
        long end = world.nanoTime() + Duration.ofMinutes(1).toNanos();
        while (!wanted.getAsBoolean()) {
            assertThat(world.nanoTime()).as("waited in vain").isLessThan(end);
            world.sleep(Duration.ofMillis(2));
        }
    }
}
