package io.jollyboat.cluster;

import io.jollyboat.client.Connection;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * The user's kubeconfig file: entries of other clusters in it stay as they are (but for comments, which YAML readers
 * drop).
 */
public final class Kubeconfig {
    private final Path file;
    private final Map<String, Object> content;

    private Kubeconfig(Path file, Map<String, Object> content) {
        this.file = file;
        this.content = content;
    }

    /** What kubectl would use: the first file of {@code $KUBECONFIG}, else {@code ~/.kube/config}. */
    public static Path userFile() {
        String named = Optional.ofNullable(System.getenv("KUBECONFIG")).orElse("");
        for (String part : named.split(":")) {
            if (!part.isBlank()) {
                return Path.of(part);
            }
        }
        String home = Optional.ofNullable(System.getenv("HOME")).orElse(System.getProperty("user.home"));
        return Path.of(home, ".kube", "config");
    }

    /**
     * Reads a file; a missing one is an empty configuration.
     *
     * @throws ClusterException when it is no kubeconfig: it is left alone then
     */
    public static Kubeconfig read(Path file) {
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("apiVersion", "v1");
        content.put("kind", "Config");
        try {
            if (Files.exists(file) && Files.size(file) > 0) {
                Object found = new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
                if (!(found instanceof Map<?, ?> map)) {
                    throw new ClusterException(file + " is not a kubeconfig: repair or move it, then try again");
                }
                map.forEach((key, value) -> content.put(String.valueOf(key), value));
            }
        } catch (IOException | YamlEngineException e) {
            throw new ClusterException(
                    "the kubeconfig " + file + " cannot be read (" + e.getMessage() + "): repair or move it", e);
        }
        return new Kubeconfig(file, content);
    }

    /** One cluster's way in: PEM texts in base64. */
    public record Access(String server, String authority, String certificate, String key) {
        /** From PEM texts. */
        static Access of(String server, String authority, String certificate, String key) {
            return new Access(server, base64(authority), base64(certificate), base64(key));
        }

        public Connection connection() {
            return Connection.certified(URI.create(server), plain(authority), plain(certificate), plain(key));
        }

        private static String base64(String text) {
            return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
        }

        private static String plain(String base64) {
            return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
        }
    }

    /** Puts in cluster, user and context of that name, in place of what stood there under it. */
    public Kubeconfig with(String name, Access access) {
        put(
                "clusters",
                name,
                "cluster",
                entry("server", access.server, "certificate-authority-data", access.authority));
        put("users", name, "user", entry("client-certificate-data", access.certificate, "client-key-data", access.key));
        put("contexts", name, "context", entry("cluster", name, "user", name));
        content.put("current-context", name);
        return this;
    }

    /** Takes cluster, user and context of that name out; the current context too when it was that one. */
    public Kubeconfig without(String name) {
        for (String list : List.of("clusters", "users", "contexts")) {
            content.put(list, others(list, name));
        }
        if (name.equals(content.get("current-context"))) {
            content.put("current-context", "");
        }
        return this;
    }

    /** The way in that {@link #with} put in under that name; empty when it is not there. */
    public Optional<Access> access(String name) {
        Map<?, ?> cluster = inner("clusters", name, "cluster");
        Map<?, ?> user = inner("users", name, "user");
        Access access = new Access(
                text(cluster, "server"),
                text(cluster, "certificate-authority-data"),
                text(user, "client-certificate-data"),
                text(user, "client-key-data"));
        return access.server.isEmpty() || access.key.isEmpty() ? Optional.empty() : Optional.of(access);
    }

    private Map<?, ?> inner(String list, String name, String what) {
        return entries(list).stream()
                .filter(e -> name.equals(e.get("name")))
                .map(e -> e.get(what))
                .filter(Map.class::isInstance)
                .<Map<?, ?>>map(Map.class::cast)
                .findFirst()
                .orElse(Map.of());
    }

    private static String text(Map<?, ?> map, String key) {
        Object value = map.get(key);
        return value == null ? "" : value.toString();
    }

    public boolean has(String context) {
        return entries("contexts").stream().anyMatch(e -> context.equals(e.get("name")));
    }

    public String currentContext() {
        return String.valueOf(content.getOrDefault("current-context", ""));
    }

    /** Writes the file; when root does it for a user, the file goes to that user. */
    public void write() {
        DumpSettings style =
                DumpSettings.builder().setDefaultFlowStyle(FlowStyle.BLOCK).build();
        Path parent = file.toAbsolutePath().resolveSibling("");
        boolean madeFolder = !Files.exists(parent);
        Optional<UserPrincipal> owner = owner();
        WholeFiles.write(file, new Dump(style).dumpToString(content));
        owner.ifPresent(user -> give(file, user));
        if (madeFolder) {
            owner.ifPresent(user -> give(parent, user));
        }
    }

    /** The present owner of the file, else the user who called sudo. */
    private Optional<UserPrincipal> owner() {
        try {
            if (Files.exists(file)) {
                return Optional.of(Files.getOwner(file));
            }
            String caller = System.getenv("SUDO_USER");
            return caller == null
                    ? Optional.empty()
                    : Optional.of(
                            file.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(caller));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static void give(Path path, UserPrincipal owner) {
        try {
            Files.setOwner(path, owner);
        } catch (IOException e) {
            throw new ClusterException(path + " cannot be given to " + owner + ": " + e.getMessage(), e);
        }
    }

    private void put(String list, String name, String what, Map<String, Object> value) {
        List<Object> all = others(list, name);
        all.add(entry("name", name, what, value));
        content.put(list, all);
    }

    private List<Object> others(String list, String name) {
        return new ArrayList<>(
                entries(list).stream().filter(e -> !name.equals(e.get("name"))).toList());
    }

    private List<Map<?, ?>> entries(String list) {
        @Nullable Object found = content.get(list);
        List<Map<?, ?>> entries = new ArrayList<>();
        if (found instanceof List<?> all) {
            for (Object one : all) {
                if (one instanceof Map<?, ?> map) {
                    entries.add(map);
                }
            }
        }
        return entries;
    }

    private static Map<String, Object> entry(String key1, Object value1, String key2, Object value2) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put(key1, value1);
        map.put(key2, value2);
        return map;
    }
}
