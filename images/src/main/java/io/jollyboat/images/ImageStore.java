package io.jollyboat.images;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Images in a folder, by content: {@code blobs/sha256/HEX} holds every layer, configuration and manifest,
 * {@code tags/REPOSITORY/_tags/TAG} the digest of a manifest. Blobs are written beside their place and moved into it,
 * so that a killed process leaves no half one.
 */
public final class ImageStore {
    private static final String TAGS = "_tags";

    private final Path root;

    public ImageStore(Path root) {
        this.root = root;
        try {
            Files.createDirectories(blobs());
            Files.createDirectories(uploads());
        } catch (IOException e) {
            throw failed("the folder of images " + root + " cannot be made", e);
        }
    }

    private Path blobs() {
        return root.resolve("blobs").resolve("sha256");
    }

    private Path uploads() {
        return root.resolve("uploads");
    }

    private Path tagFolder(String repository) {
        Path folder = root.resolve("tags").resolve(repository).resolve(TAGS).normalize();
        if (!folder.startsWith(root.resolve("tags"))) {
            throw new ImageException("\"" + repository + "\" is no name of a repository");
        }
        return folder;
    }

    private Path blobFile(String digest) {
        if (!Digest.isDigest(digest)) {
            throw new ImageException("\"" + digest + "\" is no digest of the form sha256:…");
        }
        return blobs().resolve(digest.substring("sha256:".length()));
    }

    /** The file of a blob, where it is kept. */
    Optional<Path> blob(String digest) {
        Path file = blobFile(digest);
        return Files.isRegularFile(file) ? Optional.of(file) : Optional.empty();
    }

    byte[] read(String digest) {
        try {
            return Files.readAllBytes(blobFile(digest));
        } catch (IOException e) {
            throw failed("the blob " + digest + " cannot be read", e);
        }
    }

    /** Keeps all that comes; its digest. */
    String put(InputStream content) throws IOException {
        Path upload = Files.createTempFile(uploads(), "put", "");
        try {
            MessageDigest sum = Digest.sha256();
            try (OutputStream out = new DigestOutputStream(Files.newOutputStream(upload), sum)) {
                content.transferTo(out);
            }
            String digest = Digest.text(sum.digest());
            Files.move(upload, blobFile(digest), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return digest;
        } finally {
            Files.deleteIfExists(upload);
        }
    }

    String put(byte[] content) {
        try {
            return put(new java.io.ByteArrayInputStream(content));
        } catch (IOException e) {
            throw failed("an image cannot be kept", e);
        }
    }

    /** A file for an upload that comes in pieces; {@link #finish} takes it over. */
    Path newUpload() throws IOException {
        return Files.createTempFile(uploads(), "upload", "");
    }

    Optional<Path> upload(String id) {
        Path file = uploads().resolve(id).normalize();
        return file.startsWith(uploads()) && Files.isRegularFile(file) ? Optional.of(file) : Optional.empty();
    }

    /** True when the upload's content has that digest and is kept now. */
    boolean finish(Path upload, String digest) throws IOException {
        try (InputStream in = Files.newInputStream(upload)) {
            if (!Digest.of(in).equals(digest)) {
                return false;
            }
        }
        Files.move(upload, blobFile(digest), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return true;
    }

    /** Names a manifest that is kept already. */
    void tag(String repository, String tag, String digest) {
        try {
            Path file = tagFolder(repository).resolve(tag);
            Files.createDirectories(tagFolder(repository));
            Path next = Files.createTempFile(uploads(), "tag", "");
            Files.writeString(next, digest);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw failed("the tag " + repository + ":" + tag + " cannot be kept", e);
        }
    }

    /** The digest behind a tag; a digest stands for itself where its blob is kept. */
    Optional<String> resolve(String repository, String reference) {
        if (Digest.isDigest(reference)) {
            return blob(reference).map(file -> reference);
        }
        try {
            return Optional.of(Files.readString(tagFolder(repository).resolve(reference)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw failed("the tag " + repository + ":" + reference + " cannot be read", e);
        }
    }

    /** Takes a tag away; its blobs stay. True when it was there. */
    boolean untag(String repository, String tag) {
        try {
            return Files.deleteIfExists(tagFolder(repository).resolve(tag));
        } catch (IOException e) {
            throw failed("the tag " + repository + ":" + tag + " cannot be removed", e);
        }
    }

    List<String> tags(String repository) {
        return list(tagFolder(repository));
    }

    /** Every {@code repository:tag}, sorted. */
    public List<String> names() {
        Path tags = root.resolve("tags");
        if (!Files.isDirectory(tags)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(tags)) {
            List<String> names = new ArrayList<>();
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                Path inside = tags.relativize(file);
                int depth = inside.getNameCount();
                names.add(inside.subpath(0, depth - 2) + ":" + inside.getFileName());
            }
            return names;
        } catch (IOException e) {
            throw failed("the images in " + root + " cannot be listed", e);
        }
    }

    private List<String> list(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw failed(folder + " cannot be listed", e);
        }
    }

    private static ImageException failed(String what, IOException e) {
        return new ImageException(what + ": " + e.getMessage() + " (is the disk full?)", e);
    }
}
