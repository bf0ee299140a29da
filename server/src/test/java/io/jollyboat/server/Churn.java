package io.jollyboat.server;

import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.Meta;
import io.jollyboat.api.WriteOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Actors that make, change and delete the same few objects: with finalizers, with grace, by name and by generateName. */
final class Churn {
    private static final int TIMES = 14;
    private static final List<String> NAMES = List.of("a", "b", "c", "d");
    private static final List<String> COLOURS = List.of("red", "green");
    private static final List<String> FINALIZERS = List.of("x/one", "x/two");

    private final Simulation simulation;

    Churn(Simulation simulation) {
        this.simulation = simulation;
        for (int i = 0; i < 3; i++) {
            simulation.add("config maps " + i, TIMES, () -> simulation.tried(this::configMap));
            simulation.add("finalizers " + i, TIMES, () -> simulation.tried(this::release));
            simulation.add("deployments " + i, TIMES, () -> simulation.tried(this::deployment));
            simulation.add("pods " + i, TIMES, () -> simulation.tried(this::pod));
        }
        simulation.add("forgetful", TIMES / 3, () -> {
            long newest = simulation.store.revision();
            simulation.store.compact(Math.max(1, newest - simulation.random.nextInt(10)));
            simulation.turns.pass();
        });
    }

    private ObjectNode configMap() {
        String name = simulation.any(NAMES);
        String colour = simulation.any(COLOURS);
        return switch (simulation.random.nextInt(6)) {
            case 0, 1 ->
                simulation.create(
                        Fixture.CONFIG_MAP,
                        "{metadata:{name:'%s',labels:{colour:'%s'},finalizers:['x/one','x/two']}}"
                                .formatted(name, colour));
            case 2 ->
                simulation.create(
                        Fixture.CONFIG_MAP,
                        "{metadata:{generateName:'%s-',labels:{colour:'%s'}}}".formatted(name, colour));
            case 3 -> simulation.delete(Fixture.CONFIG_MAP, name, DeleteOptions.DEFAULT);
            default ->
                simulation.merge(
                        Fixture.CONFIG_MAP,
                        name,
                        "{metadata:{labels:{colour:'%s'}},data:{n:'%d'}}"
                                .formatted(colour, simulation.random.nextInt(100)));
        };
    }

    /** Takes a finalizer away, as a controller does: by the version that it has read. */
    private ObjectNode release() {
        ObjectNode object = simulation
                .api
                .get(Fixture.target(Fixture.CONFIG_MAP, simulation.any(NAMES)))
                .deepCopy();
        List<String> left = new ArrayList<>(Meta.finalizers(object));
        String finalizer = simulation.any(FINALIZERS);
        if (!Meta.isBeingDeleted(object) || !left.remove(finalizer)) {
            return object;
        }
        simulation.witness.released.add(Meta.uid(object) + " " + finalizer);
        Meta.writable(object).set("finalizers", Fixture.JSON.valueToTree(left));
        return simulation.api.update(
                Fixture.target(Fixture.CONFIG_MAP, Meta.name(object)), object, WriteOptions.by("controller"));
    }

    private ObjectNode deployment() {
        String name = simulation.any(NAMES);
        return switch (simulation.random.nextInt(5)) {
            case 0 -> simulation.create(Fixture.DEPLOYMENT, """
                        {metadata:{name:'%s'},spec:{selector:{matchLabels:{a:'b'}},
                        template:{metadata:{labels:{a:'b'}},spec:{containers:[{name:'c',image:'i'}]}}}}
                        """.formatted(name));
            case 1 -> simulation.merge(Fixture.DEPLOYMENT, name, "{metadata:{labels:{a:'%s'}}}".formatted(name));
            case 2 ->
                simulation.delete(
                        Fixture.DEPLOYMENT,
                        name,
                        new DeleteOptions(
                                Optional.empty(), Optional.of(DeleteOptions.Propagation.BACKGROUND), "", "", false));
            default ->
                simulation.merge(
                        Fixture.DEPLOYMENT, name, "{spec:{replicas:%d}}".formatted(simulation.random.nextInt(3)));
        };
    }

    private ObjectNode pod() {
        String name = simulation.any(NAMES);
        return switch (simulation.random.nextInt(5)) {
            case 0, 1 ->
                simulation.create(
                        Fixture.POD,
                        "{metadata:{name:'%s'},spec:{nodeName:'n',containers:[{name:'c',image:'i'}]}}".formatted(name));
            case 2 -> simulation.delete(Fixture.POD, name, DeleteOptions.DEFAULT);
            case 3 -> simulation.delete(Fixture.POD, name, DeleteOptions.now());
            default ->
                simulation.merge(
                        Fixture.POD, name, "{metadata:{annotations:{a:'%s'}}}".formatted(simulation.random.nextInt(9)));
        };
    }
}
