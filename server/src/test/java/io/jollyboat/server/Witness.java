package io.jollyboat.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.Meta;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Trees;
import io.jollyboat.store.Changes;
import io.jollyboat.store.Changes.Change;
import io.jollyboat.store.Store;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Sees every change of the store itself, checks that each may follow the one before, and remembers all. */
final class Witness {
    private final Changes changes;
    private final List<Change> history = new ArrayList<>();
    private final Map<String, ObjectNode> present = new TreeMap<>();
    private final Set<String> uids = new HashSet<>();

    /** {@code uid finalizer}: somebody has begun to take it away. */
    final Set<String> released = new HashSet<>();

    Witness(Store store) {
        changes = store.watch("", 0);
    }

    /** What has happened since the last look. */
    void look() {
        try {
            for (List<Change> some = changes.next(Duration.ZERO); !some.isEmpty(); some = changes.next(Duration.ZERO)) {
                some.forEach(this::take);
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        assertThat(changes.ended()).as("the witness is cut off").isFalse();
    }

    private void take(Change change) {
        history.add(change);
        Optional<ObjectNode> now = change.bytes().map(Witness::object);
        ObjectNode before = present.get(change.key());
        if (now.isPresent()) {
            if (before == null) {
                assertThat(uids.add(Meta.uid(now.get())))
                        .as("%s rises from the dead", change.key())
                        .isTrue();
            } else {
                follows(change.key(), before, now.get());
            }
            present.put(change.key(), now.get());
        } else {
            for (String finalizer : Meta.finalizers(before)) {
                assertThat(released)
                        .as("%s went with its finalizer", change.key())
                        .contains(Meta.uid(before) + " " + finalizer);
            }
            present.remove(change.key());
        }
        allocations();
    }

    private static ObjectNode object(byte[] bytes) {
        return (ObjectNode) JsonMapper.shared().readTree(bytes);
    }

    private static void follows(String key, ObjectNode before, ObjectNode now) {
        assertThat(Meta.uid(now)).as(key).isEqualTo(Meta.uid(before));
        assertThat(now.at("/metadata/creationTimestamp")).isEqualTo(before.at("/metadata/creationTimestamp"));
        boolean marked = !Meta.isBeingDeleted(before) && Meta.isBeingDeleted(now);
        assertThat(Meta.isBeingDeleted(now) || !Meta.isBeingDeleted(before))
                .as("%s is no longer being deleted", key)
                .isTrue();
        if (Meta.kind(now).equals("Deployment")) {
            boolean changed = marked || !Trees.equal(before.path("spec"), now.path("spec"));
            assertThat(Meta.generation(now)).as(key).isEqualTo(Meta.generation(before) + (changed ? 1 : 0));
        }
    }

    /** No two Services hold the same. */
    private void allocations() {
        Map<String, String> holders = new HashMap<>();
        present.forEach((key, object) -> {
            if (Meta.kind(object).equals("Service")) {
                for (String held : held(object)) {
                    assertThat(holders.put(held, key)).as("%s of %s", held, key).isNull();
                }
            }
        });
    }

    private static List<String> held(ObjectNode service) {
        List<String> held = new ArrayList<>();
        for (JsonNode address : service.at("/spec/clusterIPs")) {
            held.add(address.asString());
        }
        for (JsonNode port : service.at("/spec/ports")) {
            if (port.path("nodePort").intValue(0) != 0) {
                held.add(port.path("nodePort").asString());
            }
        }
        return held;
    }

    /** {@code name@revision} of what was there after a revision. */
    List<String> state(Resource resource, long revision, Predicate<ObjectNode> chosen) {
        Map<String, String> found = new TreeMap<>();
        for (Change change : history) {
            if (change.revision() <= revision && change.key().startsWith(Keys.prefix(resource, "default"))) {
                change.bytes()
                        .map(Witness::object)
                        .filter(chosen)
                        .ifPresentOrElse(
                                object -> found.put(change.key(), Meta.name(object) + "@" + change.revision()),
                                () -> found.remove(change.key()));
            }
        }
        return List.copyOf(found.values());
    }

    /** {@code TYPE name@revision} of what a watch must tell of the changes after one revision up to another. */
    List<String> events(Resource resource, long after, long last, Predicate<ObjectNode> chosen) {
        List<String> events = new ArrayList<>();
        for (Change change : history) {
            if (change.revision() > after
                    && change.revision() <= last
                    && change.key().startsWith(Keys.prefix(resource, "default"))) {
                boolean was = change.previous()
                        .map(entry -> object(entry.bytes()))
                        .filter(chosen)
                        .isPresent();
                boolean is = change.bytes().map(Witness::object).filter(chosen).isPresent();
                String name = change.key().substring(change.key().lastIndexOf('/') + 1);
                if (was || is) {
                    events.add((is ? was ? "MODIFIED " : "ADDED " : "DELETED ") + name + "@" + change.revision());
                }
            }
        }
        return events;
    }
}
