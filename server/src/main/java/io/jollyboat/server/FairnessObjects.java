package io.jollyboat.server;

import static io.jollyboat.server.Fairness.LEVEL;
import static io.jollyboat.server.Fairness.SCHEMA;

import io.jollyboat.api.Api;
import io.jollyboat.api.Meta;
import io.jollyboat.api.Resource;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.Target;
import io.jollyboat.api.Trees;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.store.StoreException;
import io.jollyboat.world.World;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Keeps the objects of priority and fairness: makes Kubernetes' own, puts them right where they may not differ, tells
 * each FlowSchema whether its level is there, and hands out all of them as they are now.
 *
 * <p>Source: Kubernetes concepts, "API Priority and Fairness", "Maintenance of the mandatory and suggested
 * configuration objects".
 */
final class FairnessObjects {
    static final String MAINTAINED = "apf.kubernetes.io/autoupdate-spec";
    private static final String PRODUCER = "api-priority-and-fairness-config-producer-v1";
    private static final String CONSUMER = "api-priority-and-fairness-config-consumer-v1";

    /** Changes that come together are looked at together. */
    private static final Duration SETTLE = Duration.ofMillis(20);

    private static final Logger LOG = System.getLogger(FairnessObjects.class.getName());

    private final World world;
    private final Storage storage;
    private final Api api;
    private volatile Fairness known = Fairness.usual();

    FairnessObjects(World world, Storage storage, Api api) {
        this.world = world;
        this.storage = storage;
        this.api = api;
    }

    /** What holds now; until the server has started, the usual ones. */
    Fairness known() {
        return known;
    }

    /** What is missing is made in the background, and what is changed from now on is seen, until it is closed. */
    Followers start() {
        Followers followers = new Followers(world, storage);
        followers.start("all flow schemas", this::attempt);
        for (Resource resource : List.of(LEVEL, SCHEMA)) {
            followers.follow(resource.plural(), Keys.prefix(resource, ""), changes -> changed(), this::attempt);
        }
        return followers;
    }

    private void changed() throws InterruptedException {
        world.sleep(SETTLE);
        attempt();
    }

    private void attempt() {
        try {
            settle();
        } catch (StatusException | StoreException e) {
            LOG.log(Level.WARNING, "flow schemas: {0}", e.getMessage());
        }
    }

    /** Makes and mends what has to be, then takes what is there as what holds. */
    synchronized void settle() {
        Fairness usual = Fairness.usual();
        try {
            usual.levels().forEach(level -> mend(LEVEL, level));
            usual.schemas().forEach(schema -> mend(SCHEMA, schema));
            Set<String> levels =
                    storage.all(LEVEL, "").stream().map(Meta::name).collect(Collectors.toUnmodifiableSet());
            storage.all(SCHEMA, "").forEach(schema -> tell(schema, levels));
        } finally {
            Fairness found = new Fairness(storage.all(LEVEL, ""), storage.all(SCHEMA, ""));
            known = found.equals(known) ? known : found;
        }
    }

    private void mend(Resource resource, ObjectNode wanted) {
        Target target = Target.of(resource, "", Meta.name(wanted));
        Optional<ObjectNode> present = storage.get(target).map(Storage.Found::object);
        WriteOptions options = WriteOptions.by(PRODUCER);
        if (present.isEmpty()) {
            write(() -> api.create(resource, "", wanted.deepCopy(), options));
            return;
        }
        mended(wanted, present.get()).ifPresent(right -> write(() -> api.update(target, right, options)));
    }

    private void tell(ObjectNode schema, Set<String> levels) {
        Target status = Target.of(SCHEMA, "", Meta.name(schema)).withSubresource("status");
        told(schema, levels, world.now())
                .ifPresent(told -> write(() -> api.update(status, told, WriteOptions.by(CONSUMER))));
    }

    /** Whoever writes the same object at the same time comes first; what he wrote is looked at again. */
    private static void write(Runnable write) {
        try {
            write.run();
        } catch (StatusException e) {
            if (!e.is(Reason.CONFLICT) && !e.is(Reason.NOT_FOUND) && !e.is(Reason.ALREADY_EXISTS)) {
                throw e;
            }
        }
    }

    /**
     * What one of the usual objects has to be.
     *
     * @param wanted as it is made
     * @param present as it is stored
     * @return empty where nothing is wrong
     */
    static Optional<ObjectNode> mended(ObjectNode wanted, ObjectNode present) {
        boolean maintained = Fairness.isMandatory(wanted) || isMaintained(present);
        JsonNode spec = maintained ? spec(wanted, present) : present.path("spec");
        String annotation = Boolean.toString(maintained);
        boolean right = Trees.equal(spec, present.path("spec"))
                && Meta.annotation(present, MAINTAINED).orElse("").equals(annotation);
        if (right) {
            return Optional.empty();
        }
        ObjectNode mended = present.deepCopy();
        mended.set("spec", spec.deepCopy());
        mended.withObjectProperty("metadata").withObjectProperty("annotations").put(MAINTAINED, annotation);
        return Optional.of(mended);
    }

    /** Who says neither yes nor no has it maintained until he changes it. */
    private static boolean isMaintained(ObjectNode present) {
        return switch (Meta.annotation(present, MAINTAINED).orElse("")) {
            case "true" -> true;
            case "false" -> false;
            default -> Meta.generation(present) == 1;
        };
    }

    /** How many seats the exempt level counts for is all that one may say of it. */
    private static JsonNode spec(ObjectNode wanted, ObjectNode present) {
        ObjectNode spec = ((ObjectNode) wanted.path("spec")).deepCopy();
        if (spec.has("exempt") && present.path("spec").path("exempt").isObject()) {
            spec.set("exempt", present.path("spec").path("exempt").deepCopy());
        }
        return spec;
    }

    /** The schema with the condition that says whether its level is there; empty where it says so already. */
    static Optional<ObjectNode> told(ObjectNode schema, Set<String> levels, Instant now) {
        String level = schema.path("spec")
                .path("priorityLevelConfiguration")
                .path("name")
                .stringValue("");
        boolean there = levels.contains(level);
        ObjectNode told = schema.objectNode();
        told.setAll(schema);
        told.set("status", status(schema).deepCopy());
        Conditions.set(
                told,
                "Dangling",
                there ? "False" : "True",
                there ? "Found" : "NotFound",
                "This FlowSchema references the PriorityLevelConfiguration object named \"" + level + "\" "
                        + (there ? "and it exists" : "but there is no such object"),
                now);
        return Trees.equal(told.path("status"), schema.path("status")) ? Optional.empty() : Optional.of(told);
    }

    private static JsonNode status(ObjectNode schema) {
        JsonNode status = schema.path("status");
        return status.isObject() ? status : JsonNodeFactory.instance.objectNode();
    }
}
