package io.jollyboat.api;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A catalogue of kinds, in the order of discovery. */
public final class Resources {
    private static final Set<String> ALL_VERBS =
            Set.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");
    private static final Set<String> READ_WRITE = Set.of("get", "patch", "update");

    private final List<Resource> all;
    private final Map<String, Resource> byPlural;
    private final Map<String, Resource> byKind;

    public Resources(List<Resource> all) {
        this.all = List.copyOf(all);
        this.byPlural = new LinkedHashMap<>();
        this.byKind = new LinkedHashMap<>();
        for (Resource resource : all) {
            byPlural.put(resource.apiVersion() + "/" + resource.plural(), resource);
            byKind.put(resource.apiVersion() + "/" + resource.kind(), resource);
        }
    }

    /** The kinds of {@code kinds.txt}. */
    public static Resources builtIn() {
        return BuiltIn.CATALOGUE;
    }

    public List<Resource> all() {
        return all;
    }

    /** By {@code apps/v1} and {@code deployments}. */
    public Optional<Resource> byPlural(String apiVersion, String plural) {
        return Optional.ofNullable(byPlural.get(apiVersion + "/" + plural));
    }

    /** By {@code apps/v1} and {@code Deployment}. */
    public Optional<Resource> byKind(String apiVersion, String kind) {
        return Optional.ofNullable(byKind.get(apiVersion + "/" + kind));
    }

    /** A built-in kind that must exist, such as {@code kind("v1", "Pod")}. */
    public static Resource kind(String apiVersion, String kind) {
        return builtIn()
                .byKind(apiVersion, kind)
                .orElseThrow(() -> new IllegalArgumentException("no built-in kind " + apiVersion + " " + kind));
    }

    private static final class BuiltIn {
        static final Resources CATALOGUE = new Resources(read());

        private static List<Resource> read() {
            try (InputStream in = Resources.class.getResourceAsStream("kinds.txt")) {
                if (in == null) {
                    throw new IllegalStateException("kinds.txt is missing from the api module");
                }
                List<Resource> kinds = new ArrayList<>();
                var reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
                for (String line; (line = reader.readLine()) != null; ) {
                    if (!line.isBlank() && !line.startsWith("#")) {
                        kinds.add(resource(line.split("  ")));
                    }
                }
                return kinds;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static Resource resource(String[] column) {
            String group = group(column[0]);
            String version = version(column[0]);
            return new Resource(
                    group,
                    version,
                    column[1],
                    column[2],
                    Names.lower(column[1]),
                    words(column[3]),
                    column[4].equals("namespaced"),
                    column[5].equals("all") ? ALL_VERBS : Set.copyOf(words(column[5])),
                    subresources(column[7], group, version, column[1]),
                    words(column[6]));
        }

        /** Reads {@code scale=autoscaling/v1/Scale:rw;status:rw}. */
        private static List<Resource.Subresource> subresources(String text, String group, String version, String kind) {
            List<Resource.Subresource> found = new ArrayList<>();
            if (text.equals("-")) {
                return found;
            }
            for (String part : text.split(";")) {
                String name = part.substring(0, part.lastIndexOf(':'));
                String verbs = part.substring(part.lastIndexOf(':') + 1);
                Set<String> set = verbs.equals("rw") ? READ_WRITE : Set.copyOf(words(verbs));
                int type = name.indexOf('=');
                if (type < 0) {
                    found.add(new Resource.Subresource(name, group, version, kind, set));
                } else {
                    String other = name.substring(type + 1);
                    String apiVersion = other.substring(0, other.lastIndexOf('/'));
                    found.add(new Resource.Subresource(
                            name.substring(0, type),
                            group(apiVersion),
                            version(apiVersion),
                            other.substring(other.lastIndexOf('/') + 1),
                            set));
                }
            }
            return found;
        }

        private static List<String> words(String text) {
            return text.equals("-") ? List.of() : List.of(text.split(","));
        }

        private static String group(String apiVersion) {
            int slash = apiVersion.indexOf('/');
            return slash < 0 ? "" : apiVersion.substring(0, slash);
        }

        private static String version(String apiVersion) {
            return apiVersion.substring(apiVersion.indexOf('/') + 1);
        }
    }
}
