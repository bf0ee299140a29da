package io.jollyboat.cli;

import io.jollyboat.cluster.ClusterException;
import io.jollyboat.images.Builder;
import io.jollyboat.images.ImageName;
import io.jollyboat.images.Recipe;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The images that manifests ask for and for which a recipe lies near them, in a folder {@code images} beside the
 * manifests or beside their folder. They are built and loaded, so that the cluster needs nobody to pull them from; but
 * only when their files have changed since, as notes tell: a line {@code IMAGE FINGERPRINT} for each.
 */
final class Ingredients {
    private final Shelf shelf;
    private final Path notes;

    Ingredients(Shelf shelf, Path notes) {
        this.shelf = shelf;
        this.notes = notes;
    }

    /** Builds what is asked for; the names that were loaded. */
    List<String> load(List<Path> manifests, Set<String> images) {
        Set<String> wanted = images.stream()
                .map(ImageName::parse)
                .map(ImageName::toString)
                .collect(Collectors.toCollection(TreeSet::new));
        List<Recipe> recipes = recipes(manifests).stream()
                .map(Recipe::read)
                .filter(recipe -> wanted.contains(recipe.name().toString()))
                .toList();
        if (recipes.isEmpty()) {
            return List.of();
        }
        Set<String> present = new HashSet<>(shelf.names());
        Map<String, String> known = known();
        List<String> loaded = new ArrayList<>();
        for (Recipe recipe : recipes) {
            String name = recipe.name().toString();
            String fingerprint = recipe.fingerprint();
            if (!fingerprint.equals(known.get(name)) || !present.contains(kept(recipe.name()))) {
                loaded.addAll(shelf.load(Builder.build(recipe)));
                known.put(name, fingerprint);
            }
        }
        if (!loaded.isEmpty()) {
            keep(known);
        }
        return loaded;
    }

    private static String kept(ImageName name) {
        return name.repository() + ":" + name.reference();
    }

    private Map<String, String> known() {
        Map<String, String> known = new TreeMap<>();
        try {
            for (String line : Files.exists(notes) ? Files.readAllLines(notes) : List.<String>of()) {
                int space = line.indexOf(' ');
                if (space > 0) {
                    known.put(line.substring(0, space), line.substring(space + 1));
                }
            }
        } catch (IOException e) {
            throw new ClusterException(notes + " cannot be read: " + e.getMessage(), e);
        }
        return known;
    }

    private void keep(Map<String, String> known) {
        List<String> lines = known.entrySet().stream()
                .map(e -> e.getKey() + " " + e.getValue())
                .toList();
        try {
            Files.write(notes, lines);
        } catch (IOException e) {
            throw new ClusterException(notes + " cannot be written: " + e.getMessage(), e);
        }
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
