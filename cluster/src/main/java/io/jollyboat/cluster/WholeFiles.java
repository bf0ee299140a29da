package io.jollyboat.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/** Files that are replaced whole: a reader sees the old content or the new one. */
final class WholeFiles {
    private static final String OWNER_ALONE = "rw-------";
    private static final String ALL_READ = "rw-r--r--";

    private WholeFiles() {}

    /** Writes what only the owner may read. */
    static void write(Path file, String content) {
        write(file, content, OWNER_ALONE);
    }

    /** Writes what everybody may read: root makes clusters, and others look at them. */
    static void writeReadable(Path file, String content) {
        write(file, content, ALL_READ);
    }

    private static void write(Path file, String content, String rights) {
        try {
            Files.createDirectories(file.toAbsolutePath().resolveSibling(""));
            Path next = file.resolveSibling(file.getFileName() + ".next");
            Files.deleteIfExists(next);
            Files.createFile(next, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ALONE)));
            Files.setPosixFilePermissions(next, PosixFilePermissions.fromString(rights));
            Files.writeString(next, content);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new ClusterException(file + " cannot be written: " + e.getMessage(), e);
        }
    }
}
