package io.jollyboat.api.fields;

import static org.assertj.core.api.Assertions.fail;

import io.jollyboat.api.StatusException;
import io.jollyboat.api.Trees;
import io.jollyboat.api.patch.MergePatch;
import io.jollyboat.api.patch.StrategicPatch;
import io.jollyboat.api.schema.LittleSchema;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Random writes in random order, by several managers: what comes of them is what {@link PlainModel} says, and where
 * strategic merge, merge patch and apply mean the same they do the same. A failure names its seed, which {@code
 * -Djollyboat.seed=5} runs alone, and the fewest of its writes that still fail.
 */
class PatchesAgreeTest {
    private static final int SEEDS = 300;
    private static final int WRITES = 14;
    private static final List<String> MANAGERS = List.of("ann", "ben", "cat");

    /** One write. @param wanted the leaves that it says; of an update or patch, what is empty goes */
    record Act(String kind, String manager, Map<String, Optional<String>> wanted) {}

    @Test
    void whatHappensIsWhatTheModelSays() {
        long only = Long.getLong("jollyboat.seed", 0);
        for (long seed = Math.max(1, only); seed <= (only == 0 ? SEEDS : only); seed++) {
            List<Act> acts = acts(new Random(seed));
            Optional<String> wrong = run(acts);
            if (wrong.isPresent()) {
                List<Act> fewest = fewest(acts);
                fail(
                        "seed %d: %s%nafter%n%s",
                        seed,
                        run(fewest).orElse("nothing"),
                        fewest.stream().map(Act::toString).collect(Collectors.joining("\n")));
            }
        }
    }

    private static List<Act> acts(Random random) {
        List<Act> acts = new ArrayList<>();
        for (int i = 0; i < WRITES; i++) {
            String manager = MANAGERS.get(random.nextInt(MANAGERS.size()));
            acts.add(
                    switch (random.nextInt(7)) {
                        case 0, 1 -> new Act("apply", manager, Leaves.some(random));
                        case 2, 3 -> new Act("force", manager, Leaves.some(random));
                        case 4 -> new Act("strategic", "dan", Leaves.plain(random));
                        case 5 -> new Act("merge", "eve", Leaves.plain(random));
                        default -> new Act("same", "fay", Leaves.some(random));
                    });
        }
        return acts;
    }

    /** Leaves writes out, one by one, as long as it still fails. */
    private static List<Act> fewest(List<Act> acts) {
        List<Act> left = new ArrayList<>(acts);
        for (int i = left.size() - 1; i >= 0; i--) {
            List<Act> fewer = new ArrayList<>(left);
            fewer.remove(i);
            if (run(fewer).isPresent()) {
                left = fewer;
            }
        }
        return left;
    }

    /** What is wrong after one of the writes; empty where all is as it should be. */
    private static Optional<String> run(List<Act> acts) {
        PlainModel model = new PlainModel();
        ObjectNode live = Leaves.object(Map.of());
        for (Act act : acts) {
            ObjectNode before = live.deepCopy();
            try {
                live = act(act, live, model);
            } catch (StatusException | IllegalStateException e) {
                return Optional.of(act + ": " + e.getMessage());
            }
            Map<String, String> leaves = Leaves.of(live);
            if (!leaves.equals(model.leaves)) {
                return Optional.of("%s on %s%nmade %s%nnot  %s".formatted(act, before, leaves, model.leaves));
            }
            Map<String, Set<String>> owners = Leaves.owners(live);
            if (!owners.equals(model.owners)) {
                return Optional.of("%s on %s%nowners %s%nnot    %s".formatted(act, before, owners, model.owners));
            }
        }
        return Optional.empty();
    }

    private static ObjectNode act(Act act, ObjectNode live, PlainModel model) {
        return switch (act.kind) {
            case "apply" -> apply(act, live, model, false);
            case "force" -> apply(act, live, model, true);
            case "same" -> same(act, live);
            default -> patch(act, live, model);
        };
    }

    private static Edit edit(String manager) {
        return new Edit(
                manager,
                "example/v1",
                "",
                Instant.parse("2026-01-01T00:00:00Z"),
                Optional.of(LittleSchema.thing()),
                FieldSet.ofFields("status"));
    }

    private static Map<String, String> said(Act act) {
        Map<String, String> said = new TreeMap<>();
        act.wanted.forEach((leaf, value) -> said.put(leaf, value.orElseThrow()));
        return said;
    }

    private static ObjectNode apply(Act act, ObjectNode live, PlainModel model, boolean force) {
        ObjectNode intent = Leaves.object(said(act));
        Set<String> conflicts = model.apply(act.manager, said(act), force);
        try {
            ObjectNode after = Apply.apply(live, intent, force, edit(act.manager));
            require(conflicts.isEmpty(), "no conflict, but " + conflicts);
            require(
                    Trees.equal(Apply.apply(after, intent, false, edit(act.manager)), after),
                    "applied again it changes something");
            readBack(after);
            return after;
        } catch (StatusException e) {
            require(e.is(StatusException.Reason.CONFLICT), e.getMessage());
            Set<String> told = e.failure().causes().stream()
                    .map(StatusException.Cause::field)
                    .collect(Collectors.toCollection(TreeSet::new));
            require(told.size() == conflicts.size(), "conflicts " + told + ", not " + conflicts);
            return live;
        }
    }

    /** Whoever applies what was read changes nothing but who owns it. */
    private static void readBack(ObjectNode live) {
        ObjectNode read = ManagedFields.withoutOwners(live).deepCopy();
        ObjectNode after = Apply.apply(live, read, false, edit("zoe"));
        require(Trees.equal(ManagedFields.withoutOwners(after), read), "what was read back changes something");
    }

    /** An intent that nobody gives anything up by, as a strategic and as a forced apply. */
    private static ObjectNode same(Act act, ObjectNode live) {
        ObjectNode wanted = Leaves.object(said(act));
        ObjectNode bare = ManagedFields.withoutOwners(live);
        ObjectNode merged = StrategicPatch.apply(bare, wanted, LittleSchema.thing());
        ObjectNode applied = ManagedFields.withoutOwners(Apply.apply(live, wanted, true, edit(act.manager)));
        require(Leaves.of(merged).equals(Leaves.of(applied)), "strategic merge made " + merged + ", apply " + applied);
        ObjectNode again = StrategicPatch.apply(merged, wanted, LittleSchema.thing());
        require(Trees.equal(again, merged), "patched again it changes");
        return live;
    }

    private static ObjectNode patch(Act act, ObjectNode live, PlainModel model) {
        ObjectNode patch = Leaves.patch(act.wanted);
        ObjectNode after = act.kind.equals("merge")
                ? MergePatch.apply(live, patch)
                : StrategicPatch.apply(live, patch, LittleSchema.thing());
        if (after.at("/metadata/labels").isEmpty()) {
            after.withObjectProperty("metadata").remove("labels"); // as the server leaves out what is empty
        }
        ManagedFields.afterUpdate(live, after, edit(act.manager));
        model.update(act.manager, new HashMap<>(act.wanted));
        return after;
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException(what);
        }
    }

    static ObjectNode node() {
        return JsonNodeFactory.instance.objectNode();
    }
}
