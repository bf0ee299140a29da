package io.jollyboat.api.schema;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The table that the schema module makes of Kubernetes' published types. It is read whole but parsed one definition at
 * a time, when that is first asked for.
 */
public final class SchemaTable {
    private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1";

    private final String text;
    private final String edition;
    private final Map<String, String> packages = new LinkedHashMap<>();
    private final Map<String, Integer> places = new HashMap<>();
    private final Map<String, Definition> parsed = new ConcurrentHashMap<>();

    /** The text of the table: its edition ({@code = ...}), packages ({@code @ ...}) and definitions. */
    SchemaTable(String text) {
        this.text = text;
        int start = text.startsWith("= ") ? text.indexOf('\n') + 1 : 0;
        this.edition = start == 0 ? "" : text.substring(2, start - 1);
        for (int at = start, end; at < text.length(); at = end + 1) {
            end = text.indexOf('\n', at);
            char first = text.charAt(at);
            if (first == '@') {
                String[] word = text.substring(at, end).split(" ");
                packages.put(word[1], word[2]);
            } else if (first != ' ') {
                int space = text.indexOf(' ', at);
                places.put(text.substring(at, space < 0 ? end : Math.min(space, end)), at);
            }
        }
    }

    /** The table of the built-in kinds. */
    public static SchemaTable builtIn() {
        return BuiltIn.TABLE;
    }

    /** Names this very table: another one has another edition. */
    public String edition() {
        return edition;
    }

    /** The groups and versions that it knows, such as {@code apps/v1}. */
    public List<String> apiVersions() {
        return List.copyOf(packages.keySet());
    }

    /** By its whole name, such as {@code io.k8s.api.core.v1.PodSpec}. */
    public Optional<Definition> definition(String name) {
        Definition known = parsed.get(name);
        if (known != null) {
            return Optional.of(known);
        }
        Integer place = places.get(name);
        return place == null ? Optional.empty() : Optional.of(parsed.computeIfAbsent(name, n -> parse(place)));
    }

    /** A definition that another one of the table names. */
    public Definition the(String name) {
        return definition(name).orElseThrow(() -> new IllegalArgumentException("no definition " + name));
    }

    /**
     * The definition of a kind. Kinds of the meta group, such as DeleteOptions, are known in every group and version.
     *
     * @param apiVersion such as {@code apps/v1}
     */
    public Optional<Definition> kind(String apiVersion, String kind) {
        String home = packages.getOrDefault(apiVersion, META);
        return definition(home + "." + kind)
                .or(() -> definition(META + "." + kind))
                .filter(Definition::isKind);
    }

    /** The names of all definitions of a group and version, in alphabetical order; none for an unknown one. */
    public List<String> names(String apiVersion) {
        String home = packages.get(apiVersion);
        TreeSet<String> names = new TreeSet<>(places.keySet());
        names.removeIf(n -> home == null || !n.substring(0, n.lastIndexOf('.')).equals(home));
        return List.copyOf(names);
    }

    private Definition parse(int place) {
        int end = text.indexOf('\n', place);
        while (end + 1 < text.length() && text.charAt(end + 1) == ' ') {
            end = text.indexOf('\n', end + 1);
        }
        return Definition.parse(List.of(text.substring(place, end).split("\n")));
    }

    private static final class BuiltIn {
        static final SchemaTable TABLE = new SchemaTable(read());

        private static String read() {
            try (InputStream in = SchemaTable.class.getResourceAsStream("schema.txt")) {
                if (in == null) {
                    throw new IllegalStateException(
                            "schema.txt is missing from the api module: build the schema module");
                }
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
