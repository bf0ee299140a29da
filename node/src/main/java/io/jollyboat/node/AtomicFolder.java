package io.jollyboat.node;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A folder whose files all change at once, as Kubernetes promises for ConfigMaps and Secrets: the files lie in a hidden
 * folder of each version, {@code ..data} links to the present one, and every visible name links through {@code ..data}.
 * One rename of that link changes all.
 */
final class AtomicFolder {
    private static final String DATA = "..data";

    /** Whatever the mode says, the group that a Pod names for its volumes can read them. */
    private static final int GROUP_READS = 0440;

    private final Path folder;
    private final Optional<Long> group;

    /** @param group who shall own the files too */
    AtomicFolder(Path folder, Optional<Long> group) {
        this.folder = folder;
        this.group = group;
    }

    /**
     * One file.
     *
     * @param mode who may do what with it, as in chmod
     * @param owner root where there is none
     */
    record Content(byte[] bytes, int mode, Optional<Long> owner) {}

    /**
     * Makes the folder hold exactly these files; nothing is touched when it does already.
     *
     * @param version a name for what is written, different from the last one
     */
    void write(Map<String, Content> files, String version) throws IOException {
        Files.createDirectories(folder);
        Path data = folder.resolve(DATA);
        if (holds(files)) {
            return;
        }
        Path next = Files.createDirectories(folder.resolve(".." + version));
        for (var file : files.entrySet()) {
            Path path = next.resolve(file.getKey()).normalize();
            if (!path.startsWith(next)) {
                throw new IOException("a path must not leave its volume: " + file.getKey());
            }
            Files.createDirectories(path.getParent());
            Files.write(path, file.getValue().bytes());
            int mode = file.getValue().mode() | (group.isPresent() ? GROUP_READS : 0);
            Files.setPosixFilePermissions(path, permissions(mode));
            if (file.getValue().owner().isPresent()) {
                own(path, "unix:uid", file.getValue().owner().get());
            }
            if (group.isPresent()) {
                own(path, "unix:gid", group.get());
            }
        }
        Optional<Path> old = Files.isSymbolicLink(data)
                ? Optional.of(folder.resolve(Files.readSymbolicLink(data)))
                : Optional.empty();
        link(data, next.getFileName());
        Set<String> names = files.keySet().stream()
                .map(name -> Path.of(name).getName(0).toString())
                .collect(Collectors.toCollection(TreeSet::new));
        for (String name : names) {
            if (!Files.isSymbolicLink(folder.resolve(name))) {
                link(folder.resolve(name), Path.of(DATA, name));
            }
        }
        removeOthers(names, next);
        old.filter(path -> !path.equals(next)).ifPresent(PodFiles::delete);
    }

    private static void own(Path path, String attribute, long id) throws IOException {
        Files.setAttribute(path, attribute, (int) id, LinkOption.NOFOLLOW_LINKS);
    }

    private void link(Path link, Path target) throws IOException {
        Path fresh = folder.resolve("..new");
        Files.deleteIfExists(fresh);
        Files.createSymbolicLink(fresh, target);
        try {
            Files.move(fresh, link, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            throw new IOException("the file system cannot rename at once", e);
        }
    }

    private void removeOthers(Set<String> names, Path present) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            for (Path entry : entries.toList()) {
                String name = entry.getFileName().toString();
                if (!names.contains(name) && !name.equals(DATA) && !entry.equals(present)) {
                    PodFiles.delete(entry);
                }
            }
        }
    }

    private boolean holds(Map<String, Content> files) throws IOException {
        Path data = folder.resolve(DATA);
        if (!Files.isDirectory(data)) {
            return false;
        }
        try (Stream<Path> walk = Files.walk(data.toRealPath())) {
            if (walk.filter(Files::isRegularFile).count() != files.size()) {
                return false;
            }
        }
        for (var file : files.entrySet()) {
            Path path = data.resolve(file.getKey());
            if (!Files.isRegularFile(path)
                    || !Arrays.equals(Files.readAllBytes(path), file.getValue().bytes())) {
                return false;
            }
        }
        return true;
    }

    /** The nine bits of chmod. */
    static Set<PosixFilePermission> permissions(int mode) {
        PosixFilePermission[] fromOwnerRead = PosixFilePermission.values();
        Set<PosixFilePermission> set = EnumSet.noneOf(PosixFilePermission.class);
        for (int i = 0; i < fromOwnerRead.length; i++) {
            if ((mode & 0400 >> i) != 0) {
                set.add(fromOwnerRead[i]);
            }
        }
        return set;
    }
}
