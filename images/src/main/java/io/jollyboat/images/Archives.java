package io.jollyboat.images;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import tools.jackson.databind.JsonNode;

/**
 * Reads images from archives: an OCI layout in a tar (as {@code skopeo}, {@code buildah} and newer Dockers write it) or
 * what {@code docker save} has always written; either may be compressed with gzip.
 */
final class Archives {
    private static final int GZIP_MAGIC = 0x1f8b;
    private static final String NAME_ANNOTATION = "org.opencontainers.image.ref.name";
    private static final String CONTAINERD_NAME = "io.containerd.image.name";

    private final ImageStore store;

    /** Every file of the archive by its path: the digest under which its content is kept now. */
    private final Map<String, String> digests = new HashMap<>();

    private final Map<String, String> links = new HashMap<>();

    Archives(ImageStore store) {
        this.store = store;
    }

    /**
     * Keeps all images of an archive; their names.
     *
     * @throws ImageException when it is no archive of images; nothing was tagged then
     */
    List<String> load(InputStream archive) {
        try {
            unpack(plain(archive));
        } catch (IOException e) {
            throw new ImageException("the archive cannot be read: " + e.getMessage(), e);
        }
        if (digests.containsKey("index.json") && !digests.containsKey("manifest.json")) {
            return fromLayout();
        }
        if (digests.containsKey("manifest.json")) {
            return fromDocker();
        }
        throw new ImageException("this is no archive of an image: it has neither an index.json (OCI layout) nor a"
                + " manifest.json (docker save)");
    }

    private static InputStream plain(InputStream archive) throws IOException {
        BufferedInputStream in = new BufferedInputStream(archive);
        in.mark(2);
        int magic = in.read() << 8 | in.read();
        in.reset();
        return magic == GZIP_MAGIC ? new GZIPInputStream(in) : in;
    }

    private void unpack(InputStream archive) throws IOException {
        TarArchiveInputStream tar = new TarArchiveInputStream(archive);
        for (TarArchiveEntry entry; (entry = tar.getNextEntry()) != null; ) {
            String name = entry.getName().replaceFirst("^\\./", "");
            if (entry.isSymbolicLink() || entry.isLink()) {
                links.put(name, resolveLink(name, entry));
            } else if (entry.isFile()) {
                digests.put(name, store.put(tar));
            }
        }
    }

    /** docker save links layers that are equal, by a path relative to the link or to the archive. */
    private static String resolveLink(String name, TarArchiveEntry entry) {
        String target = entry.getLinkName();
        if (entry.isLink()) {
            return target;
        }
        java.nio.file.Path folder = java.nio.file.Path.of("/" + name).resolveSibling(target);
        return folder.normalize().toString().substring(1);
    }

    private String digest(String path) {
        String file = links.getOrDefault(path, path);
        return Optional.ofNullable(digests.get(file))
                .orElseThrow(() -> new ImageException("the archive names " + path + " but does not hold it"));
    }

    private List<String> fromLayout() {
        List<String> names = new ArrayList<>();
        for (JsonNode manifest :
                Manifests.parse(store.read(digest("index.json"))).path("manifests")) {
            String digest = manifest.path("digest").asString("");
            requireWhole(digest);
            JsonNode annotations = manifest.path("annotations");
            String name = annotations
                    .path(CONTAINERD_NAME)
                    .asString(annotations.path(NAME_ANNOTATION).asString(""));
            if (!name.isEmpty()) {
                names.add(tag(name, digest));
            }
        }
        if (names.isEmpty()) {
            throw new ImageException("the archive names no image (annotation " + NAME_ANNOTATION
                    + " in index.json): save it with its name and tag");
        }
        return names;
    }

    /** An index need not hold every platform that it names, but one. */
    private void requireWhole(String digest) {
        if (!Digest.isDigest(digest) || store.blob(digest).isEmpty()) {
            throw incomplete(digest);
        }
        JsonNode manifest = Manifests.parse(store.read(digest));
        List<String> platforms = new ArrayList<>();
        manifest.path("manifests")
                .forEach(child -> platforms.add(child.path("digest").asString("")));
        if (!platforms.isEmpty()) {
            List<String> held = platforms.stream()
                    .filter(platform -> store.blob(platform).isPresent())
                    .toList();
            if (held.isEmpty()) {
                throw incomplete(platforms.getFirst());
            }
            held.forEach(this::requireWhole);
            return;
        }
        for (String blob : Manifests.blobs(store.read(digest))) {
            if (store.blob(blob).isEmpty()) {
                throw incomplete(blob);
            }
        }
    }

    private static ImageException incomplete(String digest) {
        return new ImageException("the archive lacks the blob " + digest + ": it is incomplete");
    }

    private List<String> fromDocker() {
        List<String> names = new ArrayList<>();
        for (JsonNode image : Manifests.parse(store.read(digest("manifest.json")))) {
            String configuration = digest(image.path("Config").asString(""));
            List<Manifests.Layer> layers = new ArrayList<>();
            for (JsonNode layer : image.path("Layers")) {
                layers.add(layer(layer.asString("")));
            }
            byte[] manifest = Manifests.write(configuration, store.read(configuration).length, layers);
            String digest = store.put(manifest);
            for (JsonNode name : image.path("RepoTags")) {
                names.add(tag(name.asString(""), digest));
            }
        }
        if (names.isEmpty()) {
            throw new ImageException("the archive names no image (RepoTags in manifest.json): save it by its name");
        }
        return names;
    }

    private Manifests.Layer layer(String path) {
        String digest = digest(path);
        try (InputStream in =
                java.nio.file.Files.newInputStream(store.blob(digest).orElseThrow())) {
            boolean packed = (in.read() << 8 | in.read()) == GZIP_MAGIC;
            long size = java.nio.file.Files.size(store.blob(digest).orElseThrow());
            return new Manifests.Layer(Manifests.OCI_LAYER + (packed ? "+gzip" : ""), digest, size);
        } catch (IOException e) {
            throw new ImageException("the layer " + path + " cannot be read back: " + e.getMessage(), e);
        }
    }

    private String tag(String text, String digest) {
        ImageName name = ImageName.parse(text);
        store.tag(Repositories.home(name), name.reference(), digest);
        return name.toString();
    }
}
