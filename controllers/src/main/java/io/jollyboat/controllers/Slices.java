package io.jollyboat.controllers;

import io.jollyboat.controllers.Endpoint.Identity;
import io.jollyboat.controllers.EndpointSlice.Group;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Decides how endpoints lie in slices, so that few slices change: every write of a slice goes to every node.
 *
 * <p>Endpoints stay in the slice where they are. New ones go into slices that change anyway; what is left goes into one
 * slice that has room for all of it, the fullest of those; what is left then takes the place of slices that would be
 * deleted, and new slices at last. Slices are never joined, so a half-empty one waits for newcomers.
 *
 * <p>Example, with at most 3 in a slice: {@code a: 1 2 3, b: 4 5} and wanted are 1 3 4 5 6. 2 goes from {@code a}, so 6 goes
 * there: {@code a: 1 3 6}, and {@code b} is left alone.
 */
final class Slices {
    /** As many as Kubernetes puts into a slice: a compromise between the number of slices and the size of a change. */
    static final int MOST_ENDPOINTS = 100;

    private final Outline outline;
    private final int most;
    private final List<Draft> drafts = new ArrayList<>();
    private final List<EndpointSlice> spare = new ArrayList<>();

    private Slices(Outline outline, int most) {
        this.outline = outline;
        this.most = most;
    }

    /**
     * What all slices of one owner have in common.
     *
     * @param annotations besides the time of the trigger
     */
    record Outline(Map<String, String> labels, Map<String, String> annotations) {
        /** When that happened which made the controller write; it alone is no reason to write. */
        static final String TRIGGER_TIME = "endpoints.kubernetes.io/last-change-trigger-time";

        private boolean fits(EndpointSlice slice) {
            Map<String, String> present = new LinkedHashMap<>(slice.annotations());
            present.remove(TRIGGER_TIME);
            return labels.equals(slice.labels()) && annotations.equals(present);
        }
    }

    /** What a slice that is written shall hold; {@code present} is empty for a new one. */
    record Rewrite(Optional<EndpointSlice> present, Group group, List<Endpoint> endpoints) {}

    /** What is to be done; the deletions last, so that no endpoint is missing in between. */
    record Plan(List<Rewrite> writes, List<EndpointSlice> deletions) {
        boolean isEmpty() {
            return writes.isEmpty() && deletions.isEmpty();
        }

        /** Who makes new slices for an owner that is being deleted keeps it from ever being gone. */
        Plan withoutNew() {
            return new Plan(
                    writes.stream().filter(write -> write.present().isPresent()).toList(), deletions);
        }
    }

    /** A slice in the making. */
    private static final class Draft {
        private final Optional<EndpointSlice> present;
        private final Group group;
        private final List<Endpoint> endpoints;
        private boolean changed;

        Draft(Optional<EndpointSlice> present, Group group, List<Endpoint> endpoints, boolean changed) {
            this.present = present;
            this.group = group;
            this.endpoints = new ArrayList<>(endpoints);
            this.changed = changed;
        }
    }

    /**
     * @param existing the slices that this controller made for the owner
     * @param wanted the endpoints of each group, none empty
     * @param empty families for which there is one empty slice when there are no endpoints
     * @param most endpoints in a slice
     */
    static Plan plan(
            Collection<EndpointSlice> existing,
            Map<Group, List<Endpoint>> wanted,
            List<String> empty,
            Outline outline,
            int most) {
        Set<String> families = new TreeSet<>(empty);
        existing.forEach(slice -> families.add(slice.group().family()));
        wanted.keySet().forEach(group -> families.add(group.family()));
        List<Rewrite> writes = new ArrayList<>();
        List<EndpointSlice> deletions = new ArrayList<>();
        for (String family : families) {
            Slices one = new Slices(outline, most);
            one.arrange(of(family, existing), of(family, wanted));
            if (one.drafts.isEmpty() && empty.contains(family)) {
                one.addEmpty(family);
            }
            for (Draft draft : one.drafts) {
                if (draft.changed) {
                    writes.add(new Rewrite(draft.present, draft.group, List.copyOf(draft.endpoints)));
                }
            }
            deletions.addAll(one.spare);
        }
        return new Plan(List.copyOf(writes), List.copyOf(deletions));
    }

    private void arrange(List<EndpointSlice> existing, Map<Group, List<Endpoint>> wanted) {
        Map<Group, Map<Identity, Endpoint>> left = new LinkedHashMap<>();
        wanted.forEach((group, endpoints) -> {
            Map<Identity, Endpoint> byIdentity = new LinkedHashMap<>();
            endpoints.forEach(endpoint -> byIdentity.putIfAbsent(endpoint.identity(), endpoint));
            left.put(group, byIdentity);
        });
        for (EndpointSlice slice : existing) {
            keep(slice, left.getOrDefault(slice.group(), Map.of()));
        }
        left.forEach((group, endpoints) -> place(group, new ArrayList<>(endpoints.values())));
    }

    /** Takes from {@code left} what the slice has already, in its newest state. */
    private void keep(EndpointSlice slice, Map<Identity, Endpoint> left) {
        List<Endpoint> kept = new ArrayList<>();
        for (Endpoint endpoint : slice.endpoints()) {
            Endpoint newest = kept.size() < most && !left.isEmpty() ? left.remove(endpoint.identity()) : null;
            if (newest != null) {
                kept.add(newest);
            }
        }
        if (kept.isEmpty()) {
            spare.add(slice);
        } else {
            boolean changed = !kept.equals(slice.endpoints()) || !outline.fits(slice);
            drafts.add(new Draft(Optional.of(slice), slice.group(), kept, changed));
        }
    }

    private void place(Group group, List<Endpoint> left) {
        fill(group, left, draft -> draft.changed && draft.endpoints.size() < most);
        if (!left.isEmpty()) {
            int room = left.size();
            fill(group, left, draft -> !draft.changed && draft.endpoints.size() + room <= most);
        }
        while (!left.isEmpty()) {
            Optional<EndpointSlice> reused = spare.isEmpty() ? Optional.empty() : Optional.of(spare.removeFirst());
            Draft draft = new Draft(reused, group, List.of(), true);
            drafts.add(draft);
            move(left, draft);
        }
    }

    /** Fills slices, the fullest first, until none is left that may be. */
    private void fill(Group group, List<Endpoint> left, Predicate<Draft> may) {
        while (!left.isEmpty()) {
            Optional<Draft> fullest = drafts.stream()
                    .filter(draft -> draft.group.equals(group) && may.test(draft))
                    .max(Comparator.comparingInt(draft -> draft.endpoints.size()));
            if (fullest.isEmpty()) {
                return;
            }
            move(left, fullest.get());
        }
    }

    private void move(List<Endpoint> left, Draft draft) {
        List<Endpoint> some = left.subList(0, Math.min(left.size(), most - draft.endpoints.size()));
        draft.endpoints.addAll(some);
        draft.changed = true;
        some.clear();
    }

    /** One slice without ports and endpoints: the one that is there, or what becomes of another. */
    private void addEmpty(String family) {
        Group group = new Group(family, List.of());
        Optional<EndpointSlice> best = spare.stream()
                .filter(slice ->
                        slice.group().equals(group) && slice.endpoints().isEmpty())
                .findFirst()
                .or(() -> spare.stream().findFirst());
        best.ifPresent(spare::remove);
        boolean asWanted = best.filter(slice ->
                        slice.group().equals(group) && slice.endpoints().isEmpty() && outline.fits(slice))
                .isPresent();
        drafts.add(new Draft(best, group, List.of(), !asWanted));
    }

    private static List<EndpointSlice> of(String family, Collection<EndpointSlice> slices) {
        return slices.stream()
                .filter(slice -> slice.group().family().equals(family))
                .sorted(Comparator.comparing(slice -> slice.metadata().key().name()))
                .toList();
    }

    private static Map<Group, List<Endpoint>> of(String family, Map<Group, List<Endpoint>> wanted) {
        Map<Group, List<Endpoint>> found = new LinkedHashMap<>();
        wanted.forEach((group, endpoints) -> {
            if (group.family().equals(family)) {
                found.put(group, endpoints);
            }
        });
        return found;
    }
}
