package io.jollyboat.node;

import io.jollyboat.api.Quantity;
import io.jollyboat.api.Resource;
import io.jollyboat.api.StatusException;
import io.jollyboat.linux.LinuxException;
import io.jollyboat.linux.Mounts;
import io.jollyboat.node.References.Reference;
import io.jollyboat.world.World;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * The volumes of one Pod: puts them in place, and brings those that show ConfigMaps, Secrets, tokens and the Pod's own
 * fields up to date when asked again.
 */
final class Volumes {
    private static final System.Logger LOG = System.getLogger(Volumes.class.getName());
    private static final int DEFAULT_MODE = 0644;

    /** Of tokens in a Pod that names a group or one user: nobody else may read them. */
    private static final int PRIVATE_MODE = 0600;

    private static final long TOKEN_SECONDS = 3607;

    /** A token is renewed when a fifth of its life is left, or when it is a day old. */
    private static final int RENEW_PART = 5;

    private static final Duration TOKEN_DAY = Duration.ofHours(24);

    /** After a refusal a token is asked for again so much later, as long as the old one is good. */
    private static final Duration TOKEN_RETRY = Duration.ofSeconds(60);

    /** Longer than any Pod lives. */
    static final Duration NEVER = Duration.ofDays(365_000);

    private final Pod pod;
    private final PodFiles files;
    private final Lookup lookup;
    private final World world;
    private final Map<TokenKind, Token> tokens = new HashMap<>();

    Volumes(Pod pod, PodFiles files, Lookup lookup, World world) {
        this.pod = pod;
        this.files = files;
        this.lookup = lookup;
        this.world = world;
    }

    private record TokenKind(String audience, long seconds) {}

    /**
     * A token that is held.
     *
     * @param asked when it was asked for; a clock that was set back lies before it
     */
    private record Token(String text, Instant asked, Instant renew, Instant end) {
        Duration left(Instant now) {
            return now.isBefore(asked) ? Duration.ZERO : Duration.between(now, renew);
        }
    }

    /** The ConfigMaps and Secrets that a Pod's volumes show. */
    static Set<Reference> references(Pod pod) {
        Set<Reference> all = new HashSet<>();
        for (JsonNode volume : pod.spec().path("volumes")) {
            addReference(
                    all, pod, References.CONFIG_MAP, volume.path("configMap").path("name"));
            addReference(all, pod, References.SECRET, volume.path("secret").path("secretName"));
            for (JsonNode source : volume.path("projected").path("sources")) {
                addReference(
                        all,
                        pod,
                        References.CONFIG_MAP,
                        source.path("configMap").path("name"));
                addReference(all, pod, References.SECRET, source.path("secret").path("name"));
            }
        }
        return all;
    }

    private static void addReference(Set<Reference> all, Pod pod, Resource resource, JsonNode name) {
        if (name.isString() && !name.stringValue().isEmpty()) {
            all.add(new Reference(resource, pod.namespace(), name.stringValue()));
        }
    }

    /** How long until a token is to be renewed; {@link #NEVER} where there is none. */
    Duration renewal(Instant now) {
        return tokens.values().stream()
                .map(token -> token.left(now))
                .min(Duration::compareTo)
                .orElse(NEVER);
    }

    /**
     * Puts all volumes in place and up to date.
     *
     * @param downward what the Pod can learn of itself; its address is not known before its first sandbox
     * @throws ConfigException when one cannot be
     */
    void mount(DownwardApi downward) {
        for (JsonNode volume : pod.spec().path("volumes")) {
            String name = volume.path("name").stringValue("");
            try {
                mount(volume, files.volume(name), downward);
            } catch (ConfigException | IOException | LinuxException | StatusException e) {
                throw new ConfigException(
                        "FailedMount",
                        "MountVolume.SetUp failed for volume \"%s\" : %s".formatted(name, e.getMessage()));
            }
        }
    }

    /** Where a volume lies. */
    Path path(String name) {
        for (JsonNode volume : pod.spec().path("volumes")) {
            if (volume.path("name").stringValue("").equals(name) && volume.has("hostPath")) {
                return Path.of(volume.path("hostPath").path("path").stringValue("/"));
            }
        }
        return files.volume(name);
    }

    /** Takes all volumes away, with what was written to them. */
    void unmount() {
        Mounts.removeBelow(files.folder());
        PodFiles.delete(files.folder());
    }

    private void mount(JsonNode volume, Path folder, DownwardApi downward) throws IOException {
        if (volume.has("emptyDir")) {
            emptyDir(volume.path("emptyDir"), folder);
        } else if (volume.has("hostPath")) {
            hostPath(volume.path("hostPath"));
        } else if (volume.has("configMap")) {
            Map<String, AtomicFolder.Content> entries = new TreeMap<>();
            addEntries(entries, volume.path("configMap"), "configMap", "name", mode(volume.path("configMap")));
            write(folder, entries);
        } else if (volume.has("secret")) {
            Map<String, AtomicFolder.Content> entries = new TreeMap<>();
            addEntries(entries, volume.path("secret"), "secret", "secretName", mode(volume.path("secret")));
            write(folder, entries);
        } else if (volume.has("downwardAPI")) {
            Map<String, AtomicFolder.Content> entries = new TreeMap<>();
            addFields(entries, volume.path("downwardAPI"), downward, mode(volume.path("downwardAPI")));
            write(folder, entries);
        } else if (volume.has("projected")) {
            write(folder, projected(volume.path("projected"), downward));
        } else {
            throw new IOException("this kind of volume is not supported yet");
        }
    }

    private void emptyDir(JsonNode spec, Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        Files.createDirectories(folder);
        if (spec.path("medium").stringValue("").equals("Memory")) {
            long size = Quantity.parse(spec.path("sizeLimit").stringValue(""))
                    .map(Quantity::units)
                    .orElse(0L);
            Mounts.tmpfs(folder, size);
        }
        Files.setPosixFilePermissions(folder, AtomicFolder.permissions(0777));
        Optional<Long> group = fsGroup(pod);
        if (group.isPresent()) {
            Files.setAttribute(folder, "unix:gid", group.get().intValue(), LinkOption.NOFOLLOW_LINKS);
            Files.setAttribute(folder, "unix:mode", 02777);
        }
    }

    private static void hostPath(JsonNode spec) throws IOException {
        Path path = Path.of(spec.path("path").stringValue("/"));
        String type = spec.path("type").stringValue("");
        switch (type) {
            case "DirectoryOrCreate" -> Files.createDirectories(path);
            case "FileOrCreate" -> {
                if (!Files.exists(path)) {
                    Files.createFile(path);
                }
            }
            case "Directory" -> require(Files.isDirectory(path), path + " is not a directory");
            case "File" -> require(Files.isRegularFile(path), path + " is not a file");
            case "Socket", "CharDevice", "BlockDevice" -> require(Files.exists(path), path + " does not exist");
            default -> {
                if (!Files.exists(path)) {
                    Files.createDirectories(path);
                }
            }
        }
    }

    private static void require(boolean holds, String otherwise) throws IOException {
        if (!holds) {
            throw new IOException("hostPath type check failed: " + otherwise);
        }
    }

    private void write(Path folder, Map<String, AtomicFolder.Content> entries) throws IOException {
        new AtomicFolder(folder, fsGroup(pod)).write(entries, "v" + world.now().toEpochMilli());
    }

    private Map<String, AtomicFolder.Content> projected(JsonNode spec, DownwardApi downward) {
        Map<String, AtomicFolder.Content> entries = new TreeMap<>();
        int mode = mode(spec);
        for (JsonNode source : spec.path("sources")) {
            if (source.has("configMap")) {
                addEntries(entries, source.path("configMap"), "configMap", "name", mode);
            } else if (source.has("secret")) {
                addEntries(entries, source.path("secret"), "secret", "name", mode);
            } else if (source.has("downwardAPI")) {
                addFields(entries, source.path("downwardAPI"), downward, mode);
            } else if (source.has("serviceAccountToken")) {
                JsonNode token = source.path("serviceAccountToken");
                int tokenMode = fsGroup(pod).isPresent() || user(pod).isPresent() ? PRIVATE_MODE : mode;
                entries.put(token.path("path").stringValue("token"), content(token(token), tokenMode, user(pod)));
            }
        }
        return entries;
    }

    private String token(JsonNode spec) {
        var kind = new TokenKind(
                spec.path("audience").stringValue(""),
                spec.path("expirationSeconds").longValue(TOKEN_SECONDS));
        Instant now = world.now();
        Token held = tokens.get(kind);
        if (held == null || !held.left(now).isPositive()) {
            held = renewed(kind, Optional.ofNullable(held), now);
            tokens.put(kind, held);
        }
        return held.text();
    }

    /** A new token; the old one a little longer where the server gives none and it is still good. */
    private Token renewed(TokenKind kind, Optional<Token> held, Instant now) {
        JsonNode answer;
        try {
            answer = lookup.token(pod, kind.audience(), kind.seconds());
        } catch (StatusException e) {
            Token old = held.filter(token -> now.isBefore(token.end())).orElseThrow(() -> e);
            LOG.log(System.Logger.Level.WARNING, "{0}: cannot renew its token: {1}", pod.key(), e.getMessage());
            return new Token(old.text(), now, now.plus(TOKEN_RETRY), old.end());
        }
        Instant end = Instant.parse(answer.path("expirationTimestamp")
                .stringValue(now.plusSeconds(kind.seconds()).toString()));
        Duration life = Duration.between(now, end);
        Instant renew = end.minus(life.dividedBy(RENEW_PART));
        Instant day = now.plus(TOKEN_DAY);
        return new Token(answer.path("token").stringValue(""), now, renew.isBefore(day) ? renew : day, end);
    }

    private void addEntries(
            Map<String, AtomicFolder.Content> files, JsonNode spec, String kind, String nameField, int mode) {
        String name = spec.path(nameField).stringValue("");
        boolean optional = spec.path("optional").booleanValue(false);
        Optional<Map<String, byte[]>> found =
                kind.equals("secret") ? lookup.secret(pod.namespace(), name) : lookup.configMap(pod.namespace(), name);
        if (found.isEmpty() && !optional) {
            throw ConfigException.config(
                    "%s \"%s\" not found".formatted(kind.equals("secret") ? "secret" : "configmap", name));
        }
        Map<String, byte[]> entries = found.orElse(Map.of());
        if (spec.path("items").isEmpty()) {
            entries.forEach((key, value) -> files.put(key, new AtomicFolder.Content(value, mode, Optional.empty())));
        }
        for (JsonNode item : spec.path("items")) {
            byte[] value = entries.get(item.path("key").stringValue(""));
            if (value != null) {
                files.put(
                        item.path("path").stringValue(""),
                        new AtomicFolder.Content(value, item.path("mode").intValue(mode), Optional.empty()));
            } else if (!optional) {
                throw ConfigException.config("references non-existent %s key: %s"
                        .formatted(
                                kind.equals("secret") ? "secret" : "config",
                                item.path("key").stringValue("")));
            }
        }
    }

    private static void addFields(
            Map<String, AtomicFolder.Content> files, JsonNode spec, DownwardApi downward, int mode) {
        for (JsonNode item : spec.path("items")) {
            String value = item.has("fieldRef")
                    ? downward.field(item.path("fieldRef").path("fieldPath").stringValue(""))
                    : downward.resource(item.path("resourceFieldRef"), "");
            files.put(
                    item.path("path").stringValue(""),
                    content(value, item.path("mode").intValue(mode), Optional.empty()));
        }
    }

    private static AtomicFolder.Content content(String text, int mode, Optional<Long> owner) {
        return new AtomicFolder.Content(text.getBytes(StandardCharsets.UTF_8), mode, owner);
    }

    private static int mode(JsonNode spec) {
        return spec.path("defaultMode").intValue(DEFAULT_MODE);
    }

    /** The group that owns the Pod's volumes. */
    static Optional<Long> fsGroup(Pod pod) {
        JsonNode group = pod.spec().path("securityContext").path("fsGroup");
        return group.isNumber() ? Optional.of(group.longValue()) : Optional.empty();
    }

    /** The one user as whom all containers of the Pod run; empty where they differ or some say none. */
    static Optional<Long> user(Pod pod) {
        JsonNode common = pod.spec().path("securityContext").path("runAsUser");
        Set<Optional<Long>> users = new HashSet<>();
        for (Pod.Container container : pod.allContainers()) {
            JsonNode own = container.spec().path("securityContext").path("runAsUser");
            JsonNode user = own.isNumber() ? own : common;
            users.add(user.isNumber() ? Optional.of(user.longValue()) : Optional.empty());
        }
        return users.size() == 1 ? users.iterator().next() : Optional.empty();
    }
}
