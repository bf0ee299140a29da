package io.jollyboat.server;

import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.ListOptions;
import io.jollyboat.api.Meta;
import io.jollyboat.api.WriteOptions;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Actors that want the same few addresses and ports for their Services. */
final class Allocations {
    private static final int TIMES = 12;
    private static final List<String> NAMES = List.of("a", "b", "c", "d", "e", "f", "g", "h");
    private static final String FINALIZER = "x/one";

    private final Simulation simulation;

    Allocations(Simulation simulation) {
        this.simulation = simulation;
        for (int i = 0; i < 5; i++) {
            simulation.add("services " + i, TIMES, () -> simulation.tried(this::step));
        }
        simulation.add("finalizers", TIMES * 2, () -> simulation.tried(this::release));
    }

    private ObjectNode step() {
        String name = simulation.any(NAMES);
        int port = 30000 + simulation.random.nextInt(Simulation.ADDRESSES);
        return switch (simulation.random.nextInt(8)) {
            case 0, 1 -> create(name, "type:'NodePort',ports:[{name:'x',port:80},{name:'y',port:81}]");
            case 2 -> create(name, "type:'NodePort',ports:[{port:80,nodePort:%d}]".formatted(port));
            case 3 -> create(name, "clusterIP:'10.43.0.%d',ports:[{port:80}]".formatted(1 + port % 14));
            case 4 -> spec(name, "type:'ClusterIP',ports:[{port:80}]");
            case 5 -> spec(name, "type:'NodePort',ports:[{port:80,nodePort:%d}]".formatted(port));
            case 6 -> spec(name, "type:'NodePort',ports:[{name:'x',port:80},{name:'z',port:82}]");
            default -> simulation.delete(Fixture.SERVICE, name, DeleteOptions.DEFAULT);
        };
    }

    private ObjectNode create(String name, String spec) {
        String finalizers = simulation.random.nextInt(3) == 0 ? ",finalizers:['x/one']" : "";
        return simulation.create(
                Fixture.SERVICE, "{metadata:{name:'%s'%s},spec:{%s}}".formatted(name, finalizers, spec));
    }

    private ObjectNode spec(String name, String spec) {
        return simulation.merge(Fixture.SERVICE, name, "{spec:{%s}}".formatted(spec));
    }

    /** Lets a Service go, and sometimes asks for another port in the same write. */
    private ObjectNode release() {
        ObjectNode object = simulation
                .api
                .get(Fixture.target(Fixture.SERVICE, simulation.any(NAMES)))
                .deepCopy();
        if (!Meta.isBeingDeleted(object)) {
            return object;
        }
        simulation.witness.released.add(Meta.uid(object) + " " + FINALIZER);
        Meta.writable(object).remove("finalizers");
        if (simulation.random.nextBoolean()) {
            object.withObjectProperty("spec")
                    .put("type", "NodePort")
                    .set("ports", Fixture.JSON.readTree("[{name:'n',port:90},{name:'m',port:91}]"));
        }
        return simulation.api.update(
                Fixture.target(Fixture.SERVICE, Meta.name(object)), object, WriteOptions.by("controller"));
    }

    /** Deletes all, then makes Services with a node port until there is nothing left; how many it could make. */
    int fill() {
        for (ObjectNode service :
                simulation.api.list(Fixture.SERVICE, "default", ListOptions.ALL).items()) {
            simulation.witness.released.add(Meta.uid(service) + " " + FINALIZER);
            simulation.merge(Fixture.SERVICE, Meta.name(service), "{metadata:{finalizers:null}}");
            simulation.tried(() -> simulation.delete(Fixture.SERVICE, Meta.name(service), DeleteOptions.DEFAULT));
        }
        int made = 0;
        for (Optional<ObjectNode> one = one(made); one.isPresent() && made < 100; one = one(made)) {
            made++;
        }
        simulation.witness.look();
        return made;
    }

    private Optional<ObjectNode> one(int number) {
        return simulation.tried(() -> simulation.create(
                Fixture.SERVICE,
                "{metadata:{name:'last-%d'},spec:{type:'NodePort',ports:[{port:80}]}}".formatted(number)));
    }
}
