package io.jollyboat.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.Patch;
import io.jollyboat.api.WriteOptions;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.node.ObjectNode;

/** Actors that count in one object, each in another way; in the end all that they counted is there. */
final class Counters {
    private static final int TIMES = 6;
    private static final String NAME = "counter";

    private final Simulation simulation;
    private final Map<String, Integer> counted = new TreeMap<>();

    Counters(Simulation simulation) {
        this.simulation = simulation;
        simulation.create(Fixture.CONFIG_MAP, "{metadata:{name:'counter'},data:{all:'0'}}");
        for (int i = 0; i < 3; i++) {
            simulation.add("updater " + i, TIMES, () -> whenAnswered("all", this::update));
            simulation.add("tester " + i, TIMES, () -> whenAnswered("all", this::test));
            simulation.add("versioned " + i, TIMES, () -> whenAnswered("all", this::versioned));
            String own = "own" + i;
            simulation.add(own, TIMES, () -> whenAnswered(own, () -> patch(own)));
            String applied = "applied" + i;
            simulation.add(applied, TIMES, () -> whenAnswered(applied, () -> apply(applied)));
        }
        simulation.add("labels", TIMES, () -> whenAnswered("labels", this::label));
    }

    private void whenAnswered(String what, java.util.function.Supplier<ObjectNode> request) {
        Optional<ObjectNode> answer = simulation.tried(request);
        if (answer.isPresent()) {
            counted.merge(what, 1, Integer::sum);
        }
    }

    private ObjectNode read() {
        return simulation.api.get(Fixture.target(Fixture.CONFIG_MAP, NAME));
    }

    private static int value(ObjectNode object, String key) {
        return Integer.parseInt(object.path("data").path(key).asString("0"));
    }

    private ObjectNode update() {
        ObjectNode object = read().deepCopy();
        ((ObjectNode) object.path("data")).put("all", Integer.toString(value(object, "all") + 1));
        return simulation.api.update(Fixture.target(Fixture.CONFIG_MAP, NAME), object, WriteOptions.by("updater"));
    }

    private ObjectNode test() {
        int before = value(read(), "all");
        return simulation.api.patch(
                Fixture.target(Fixture.CONFIG_MAP, NAME),
                new Patch.Json(Fixture.JSON.readTree(
                        "[{op:'test',path:'/data/all',value:'%d'},{op:'replace',path:'/data/all',value:'%d'}]"
                                .formatted(before, before + 1))),
                WriteOptions.by("tester"));
    }

    private ObjectNode versioned() {
        ObjectNode object = read();
        return simulation.merge(
                Fixture.CONFIG_MAP,
                NAME,
                "{metadata:{resourceVersion:'%s'},data:{all:'%d'}}"
                        .formatted(
                                object.path("metadata").path("resourceVersion").asString(), value(object, "all") + 1));
    }

    /** A counter that nobody else writes needs no version. */
    private ObjectNode patch(String key) {
        return simulation.merge(
                Fixture.CONFIG_MAP, NAME, "{data:{%s:'%d'}}".formatted(key, counted.getOrDefault(key, 0) + 1));
    }

    private ObjectNode apply(String key) {
        ObjectNode intent = Fixture.json("{apiVersion:'v1',kind:'ConfigMap',metadata:{name:'counter'},data:{%s:'%d'}}"
                .formatted(key, counted.getOrDefault(key, 0) + 1));
        return simulation.api.patch(
                Fixture.target(Fixture.CONFIG_MAP, NAME), new Patch.Apply(intent), WriteOptions.by(key));
    }

    private ObjectNode label() {
        return simulation.merge(
                Fixture.CONFIG_MAP,
                NAME,
                "{metadata:{labels:{n:'%d'}}}".formatted(counted.getOrDefault("labels", 0) + 1));
    }

    void check() {
        ObjectNode last = read();
        counted.forEach((key, count) -> {
            if (key.equals("labels")) {
                assertThat(last.at("/metadata/labels/n").asString()).isEqualTo(Integer.toString(count));
            } else {
                assertThat(value(last, key)).as(key).isEqualTo(count);
            }
        });
        assertThat(counted).containsKey("all").hasSizeGreaterThan(6);
    }
}
