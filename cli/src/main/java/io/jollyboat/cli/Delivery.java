package io.jollyboat.cli;

import io.jollyboat.world.World;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Brings manifests into a running cluster: first the images that lie beside them, then the objects; then it waits. */
final class Delivery {
    private final Way way;
    private final Ingredients ingredients;
    private final World world;
    private final Progress progress;

    /** @param notes the file in which is kept which images were built already */
    Delivery(Way way, Path notes, World world, Progress progress) {
        this.way = way;
        this.ingredients = new Ingredients(way.shelf(), notes);
        this.world = world;
        this.progress = progress;
    }

    /**
     * Applies all and waits until it is ready.
     *
     * @param places of the manifests
     * @throws io.jollyboat.cluster.ClusterException naming what is refused, or not ready within the limit
     */
    void bring(List<Path> places, Manifests objects, Duration limit) {
        List<String> images = progress.step("loading images", () -> ingredients.load(places, objects.images()));
        images.forEach(image -> progress.say("image " + image + " loaded"));
        objects.apply(way.api(), progress);
        Readiness readiness = new Readiness(way.api(), world);
        progress.step("waiting for what was applied", () -> {
            readiness.await(objects.applied(), limit);
            return true;
        });
        objects.addresses(way.api()).forEach(progress::say);
    }
}
