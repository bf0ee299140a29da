package io.jollyboat.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.ListOptions;
import io.jollyboat.api.Meta;
import io.jollyboat.api.ObjectList;
import io.jollyboat.api.Resource;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.Watch;
import io.jollyboat.api.WatchEvent;
import io.jollyboat.api.WatchOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.databind.node.ObjectNode;

/** Actors that list, watch and get while others write; what they saw is compared with the witness's history. */
final class Readers {
    private static final int LISTS = 8;
    private static final int LOOKS = 60;
    private static final int PAGE = 2;
    private static final Predicate<ObjectNode> RED =
            object -> object.at("/metadata/labels/colour").asString("").equals("red");

    private final Simulation simulation;
    private final List<Runnable> checks = new ArrayList<>();
    private int events;

    Readers(Simulation simulation) {
        this.simulation = simulation;
        for (int i = 0; i < 2; i++) {
            simulation.add("lists " + i, LISTS, () -> list("", object -> true));
            simulation.add("red lists " + i, LISTS, () -> list("colour=red", RED));
            simulation.add("watch " + i, () -> watch(Fixture.CONFIG_MAP, "", object -> true));
            simulation.add("red watch " + i, () -> watch(Fixture.CONFIG_MAP, "colour=red", RED));
            simulation.add("pods " + i, () -> watch(Fixture.POD, "", object -> true));
            simulation.add("gets " + i, this::gets);
        }
    }

    void check() {
        checks.forEach(Runnable::run);
        assertThat(checks).isNotEmpty();
        assertThat(events).isPositive();
    }

    /** {@code name@revision} of each object. */
    private static String brief(ObjectNode object) {
        return Meta.name(object) + "@" + Meta.resourceVersion(object);
    }

    /** All pages together show the state of one revision. */
    private void list(String labels, Predicate<ObjectNode> chosen) {
        List<String> seen = new ArrayList<>();
        String next = "";
        try {
            do {
                ObjectList page = simulation.api.list(
                        Fixture.CONFIG_MAP, "default", new ListOptions(labels, "", "", "", PAGE, next));
                page.items().stream().map(Readers::brief).forEach(seen::add);
                next = page.next();
                if (next.isEmpty()) {
                    long revision = Long.parseLong(page.resourceVersion());
                    checks.add(() -> assertThat(seen)
                            .as("the state of revision %d", revision)
                            .isEqualTo(simulation.witness.state(Fixture.CONFIG_MAP, revision, chosen)));
                }
            } while (!next.isEmpty());
        } catch (StatusException e) {
            expired(e);
        }
    }

    private static void expired(StatusException e) {
        if (!e.is(Reason.EXPIRED)) {
            throw e;
        }
    }

    /** Lists and watches from there; goes on where it was when it is cut off, begins anew when that is forgotten. */
    private void watch(Resource resource, String labels, Predicate<ObjectNode> chosen) {
        Optional<Long> position = Optional.empty();
        for (int looks = 0; looks < LOOKS; ) {
            try {
                long from = position.isPresent() ? position.get() : listed(resource, labels, chosen);
                Following following = new Following(resource, chosen, from);
                looks += following.follow(labels, LOOKS - looks);
                position = Optional.of(following.last);
            } catch (StatusException e) {
                expired(e);
                position = Optional.empty();
                looks++;
            }
        }
    }

    private long listed(Resource resource, String labels, Predicate<ObjectNode> chosen) {
        ObjectList list = simulation.api.list(resource, "default", ListOptions.labels(labels));
        long revision = Long.parseLong(list.resourceVersion());
        List<String> seen = list.items().stream().map(Readers::brief).toList();
        checks.add(() -> assertThat(seen)
                .as("the state of revision %d", revision)
                .isEqualTo(simulation.witness.state(resource, revision, chosen)));
        return revision;
    }

    /** One watch from a revision on; what it told is complete up to its last event. */
    private final class Following {
        private final Resource resource;
        private final Predicate<ObjectNode> chosen;
        private final long from;
        private final List<String> told = new ArrayList<>();
        private long last;

        Following(Resource resource, Predicate<ObjectNode> chosen, long from) {
            this.resource = resource;
            this.chosen = chosen;
            this.from = from;
            this.last = from;
        }

        int follow(String labels, int most) {
            int looks = 0;
            var options = new WatchOptions(labels, "", Long.toString(from), true, false);
            try (Watch watch = simulation.api.watch(resource, "default", options)) {
                while (looks++ < most && !watch.ended()) {
                    watch.next(Duration.ZERO).ifPresent(this::take);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
            long end = last;
            checks.add(() -> assertThat(told)
                    .as("what happened after %d up to %d", from, end)
                    .isEqualTo(simulation.witness.events(resource, from, end, chosen)));
            return looks;
        }

        private void take(WatchEvent event) {
            long revision = Long.parseLong(Meta.resourceVersion(event.object()));
            if (event.type() == WatchEvent.Type.BOOKMARK) {
                assertThat(revision).isGreaterThanOrEqualTo(last);
            } else {
                assertThat(revision).isGreaterThan(last);
                told.add(event.type() + " " + brief(event.object()));
                events++;
            }
            last = revision;
        }
    }

    /** A reader of one object never goes back. */
    private void gets() {
        long newest = 0;
        for (int i = 0; i < LOOKS; i++) {
            Optional<ObjectNode> found =
                    simulation.tried(() -> simulation.api.get(Fixture.target(Fixture.CONFIG_MAP, "a")));
            if (found.isPresent()) {
                long revision = Long.parseLong(Meta.resourceVersion(found.get()));
                assertThat(revision).isGreaterThanOrEqualTo(newest);
                newest = revision;
            }
        }
    }
}
