package io.jollyboat.server;

import io.jollyboat.api.Meta;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.store.Changes;
import io.jollyboat.store.CompactedException;
import io.jollyboat.store.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import tools.jackson.databind.node.ObjectNode;

/**
 * Knows which Pods are on which node, the one field by which very many read and watch a part each: when a thousand nodes
 * start at once, all Pods are looked at once and not a thousand times. It is no copy of anything: the keys are
 * followed in the store's own order, and the Pods read from the store as they were at that very revision.
 */
final class PodPlaces implements Topics {
    private static final Resource PODS = Resources.kind("v1", "Pod");
    private static final String NODE = "spec.nodeName";

    /** How often, and how long each time, to wait for a write that is just being told. */
    private static final int LOOKS = 3;

    private static final Duration MOMENT = Duration.ofMillis(1);

    private final Storage storage;
    private final ReentrantLock lock = new ReentrantLock(); // guards the fields below
    private final Map<String, NavigableSet<String>> keys = new HashMap<>(); // of the Pods of each node
    private Optional<Changes> changes = Optional.empty();

    PodPlaces(Storage storage) {
        this.storage = storage;
    }

    /** The keys of a node's Pods as they were at a revision. */
    private record Placed(List<String> keys, long revision) {}

    /** The node whose Pods alone are meant; "" for any other selection. */
    static String node(Selection selection) {
        return selection.resource().equals(PODS) ? selection.required(NODE) : "";
    }

    /** The nodes on which a changed Pod was and is. */
    @Override
    public Set<String> of(Changes.Change change) {
        Set<String> found = new HashSet<>(2);
        after(change).ifPresent(found::add);
        before(change).ifPresent(found::add);
        return found;
    }

    /** In the newest state the objects under a prefix, or fewer: all that the selection can mean. */
    Storage.Page newest(Selection selection, String prefix) {
        String node = node(selection);
        Optional<Storage.Page> found = node.isEmpty() ? Optional.empty() : on(node, prefix);
        return found.orElseGet(() -> storage.range(selection.resource(), prefix, "", 0, 0));
    }

    private Optional<Storage.Page> on(String node, String prefix) {
        try {
            Placed placed = placed(node, prefix);
            List<ObjectNode> pods = new ArrayList<>(placed.keys().size());
            for (String key : placed.keys()) {
                pods.addAll(storage.range(PODS, key, "", 1, placed.revision()).objects());
            }
            return Optional.of(new Storage.Page(pods, "", placed.revision(), 0));
        } catch (CompactedException e) {
            return Optional.empty(); // so much was written meanwhile
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private Placed placed(String node, String prefix) throws InterruptedException {
        lock.lock();
        try {
            long revision = upToDate(storage.revision());
            List<String> found = keys.getOrDefault(node, new TreeSet<>()).tailSet(prefix, true).stream()
                    .takeWhile(key -> key.startsWith(prefix))
                    .toList();
            return new Placed(found, revision);
        } finally {
            lock.unlock();
        }
    }

    /** Takes in what was written up to a revision at least; the revision that the keys now show. */
    private long upToDate(long wanted) throws InterruptedException {
        if (changes.isPresent() && follow(changes.get(), wanted)) {
            return changes.get().seen();
        }
        changes.ifPresent(Changes::close);
        changes = Optional.empty();
        keys.clear();
        String all = Keys.prefix(PODS, "");
        Storage.Page page = storage.range(PODS, all, "", 0, 0);
        page.objects().forEach(pod -> keys(nodeOf(pod)).add(Keys.of(PODS, Meta.namespace(pod), Meta.name(pod))));
        changes = Optional.of(storage.watch(all, page.revision()));
        return page.revision();
    }

    private boolean follow(Changes following, long wanted) throws InterruptedException {
        for (int look = 0; look < LOOKS; look++) {
            for (List<Changes.Change> next = following.next(look == 0 ? Duration.ZERO : MOMENT);
                    !next.isEmpty();
                    next = following.next(Duration.ZERO)) {
                next.forEach(this::move);
            }
            if (following.ended()) {
                return false;
            }
            if (following.seen() >= wanted) {
                return true;
            }
        }
        return false;
    }

    private void move(Changes.Change change) {
        before(change)
                .ifPresent(node -> keys.computeIfPresent(
                        node, (same, pods) -> pods.remove(change.key()) && pods.isEmpty() ? null : pods));
        after(change).ifPresent(node -> keys(node).add(change.key()));
    }

    private Set<String> keys(String node) {
        return keys.computeIfAbsent(node, first -> new TreeSet<>());
    }

    private Optional<String> before(Changes.Change change) {
        return change.previous().map(storage::decode).map(PodPlaces::nodeOf);
    }

    private Optional<String> after(Changes.Change change) {
        return change.entry().map(storage::decode).map(PodPlaces::nodeOf);
    }

    private static String nodeOf(ObjectNode pod) {
        return pod.path("spec").path("nodeName").stringValue("");
    }
}
