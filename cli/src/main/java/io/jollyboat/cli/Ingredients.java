package io.jollyboat.cli;

import io.jollyboat.images.Builder;
import io.jollyboat.images.ImageName;
import io.jollyboat.images.Recipe;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The images that manifests ask for and for which a recipe lies near them, in a folder {@code images} beside the
 * manifests or beside their folder. They are built and loaded, so that the cluster needs nobody to pull them from.
 */
final class Ingredients {
    private final Image.Shelf shelf;

    Ingredients(Image.Shelf shelf) {
        this.shelf = shelf;
    }

    /** Builds what is asked for; the names that were loaded. */
    List<String> load(List<Path> manifests, Set<String> images) {
        List<String> wanted =
                images.stream().map(ImageName::parse).map(ImageName::toString).toList();
        List<String> loaded = new ArrayList<>();
        for (Path folder : recipes(manifests)) {
            Recipe recipe = Recipe.read(folder);
            if (wanted.contains(recipe.name().toString())) {
                loaded.addAll(shelf.load(BodyPublishers.ofByteArray(Builder.build(recipe))));
            }
        }
        return loaded;
    }

    private static Set<Path> recipes(List<Path> manifests) {
        Set<Path> found = new LinkedHashSet<>();
        for (Path manifest : manifests) {
            Path folder = Files.isDirectory(manifest)
                    ? manifest
                    : manifest.toAbsolutePath().resolveSibling("");
            for (Path place : List.of(folder.resolve("images"), folder.resolve("../images"))) {
                if (Files.isDirectory(place)) {
                    found.addAll(inside(place.normalize()));
                }
            }
        }
        return found;
    }

    private static List<Path> inside(Path place) {
        try (Stream<Path> folders = Files.list(place)) {
            return folders.filter(f -> Files.exists(f.resolve(Recipe.FILE)))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
