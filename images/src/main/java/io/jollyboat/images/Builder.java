package io.jollyboat.images;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Builds an image from a {@link Recipe}: one layer, an OCI layout in a tar that any tool and {@code jolly image load}
 * can read. The same files give the same bytes: times are left out, entries are sorted.
 */
public final class Builder {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int PROGRAM = 0755;
    private static final int SET_USER = 04000;
    private static final int FOLDER = 0755;
    private static final int SHARED_FOLDER = 01777;

    private Builder() {}

    /**
     * The archive of the image.
     *
     * @throws ImageException when a file that the recipe names is not there
     */
    public static byte[] build(Recipe recipe) {
        try {
            byte[] layer = layer(recipe);
            byte[] configuration = configuration(recipe, Digest.of(layer));
            byte[] manifest = Manifests.write(
                    Digest.of(configuration),
                    configuration.length,
                    List.of(new Manifests.Layer(Manifests.OCI_LAYER, Digest.of(layer), layer.length)));
            Map<String, byte[]> files = new TreeMap<>();
            files.put("oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(StandardCharsets.UTF_8));
            files.put("index.json", index(recipe, manifest));
            for (byte[] blob : List.of(layer, configuration, manifest)) {
                files.put("blobs/" + Digest.of(blob).replace(':', '/'), blob);
            }
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try (TarArchiveOutputStream tar = tar(out)) {
                for (Map.Entry<String, byte[]> file : files.entrySet()) {
                    file(tar, file.getKey(), file.getValue(), 0644);
                }
            }
            return out.toByteArray();
        } catch (IOException e) {
            throw new ImageException("the image " + recipe.name() + " cannot be built: " + e.getMessage(), e);
        }
    }

    private static byte[] layer(Recipe recipe) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = tar(out)) {
            for (String folder : folders(recipe)) {
                TarArchiveEntry entry = new TarArchiveEntry(folder.substring(1) + "/");
                entry.setMode(
                        TarArchiveEntry.DEFAULT_DIR_MODE & ~07777 | (folder.equals("/tmp") ? SHARED_FOLDER : FOLDER));
                add(tar, entry);
            }
            for (Map.Entry<String, Path> file : new TreeMap<>(recipe.files()).entrySet()) {
                Path source = file.getValue();
                if (!Files.isRegularFile(source)) {
                    throw new ImageException("the image " + recipe.name() + " needs " + source
                            + ", which is not on this machine: install the package that brings it");
                }
                int mode = (Files.isExecutable(source) ? PROGRAM : 0644) | (setUser(source) ? SET_USER : 0);
                file(tar, file.getKey().substring(1), Files.readAllBytes(source), mode);
            }
            for (Map.Entry<String, String> link : new TreeMap<>(recipe.links()).entrySet()) {
                TarArchiveEntry entry = new TarArchiveEntry(link.getKey().substring(1), TarConstants.LF_SYMLINK);
                entry.setLinkName(link.getValue());
                add(tar, entry);
            }
        }
        return out.toByteArray();
    }

    /** Whether a program runs as its owner, whoever starts it. */
    private static boolean setUser(Path source) throws IOException {
        return (((Number) Files.getAttribute(source, "unix:mode")).intValue() & SET_USER) != 0;
    }

    /** Every folder that is named or that something lies in, parents first. */
    private static TreeSet<String> folders(Recipe recipe) {
        TreeSet<String> all = new TreeSet<>(recipe.folders());
        var paths = new java.util.ArrayList<String>();
        paths.addAll(recipe.files().keySet());
        paths.addAll(recipe.links().keySet());
        paths.addAll(recipe.folders());
        for (String path : paths) {
            for (int slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
                all.add(path.substring(0, slash));
            }
        }
        return all;
    }

    private static byte[] configuration(Recipe recipe, String layer) {
        String machine = System.getProperty("os.arch");
        ObjectNode json = JSON.createObjectNode()
                .put("architecture", machine.equals("aarch64") ? "arm64" : machine)
                .put("os", "linux");
        ObjectNode config = json.putObject("config");
        ArrayNode environment = config.putArray("Env");
        environment.add("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        new TreeMap<>(recipe.environment()).forEach((key, value) -> environment.add(key + "=" + value));
        words(config, "Entrypoint", recipe.entrypoint());
        words(config, "Cmd", recipe.command());
        if (!recipe.user().isEmpty()) {
            config.put("User", recipe.user());
        }
        ObjectNode ports = config.putObject("ExposedPorts");
        recipe.ports().forEach(port -> ports.putObject(port + "/tcp"));
        json.putObject("rootfs").put("type", "layers").putArray("diff_ids").add(layer);
        return JSON.writeValueAsBytes(json);
    }

    private static void words(ObjectNode config, String name, List<String> words) {
        if (!words.isEmpty()) {
            ArrayNode array = config.putArray(name);
            words.forEach(array::add);
        }
    }

    private static byte[] index(Recipe recipe, byte[] manifest) {
        ObjectNode json = JSON.createObjectNode().put("schemaVersion", 2);
        ObjectNode entry = json.putArray("manifests").addObject();
        entry.put("mediaType", Manifests.OCI_MANIFEST)
                .put("digest", Digest.of(manifest))
                .put("size", manifest.length);
        entry.putObject("annotations")
                .put(
                        "io.containerd.image.name",
                        recipe.name().registry() + "/" + recipe.name().repository() + ":"
                                + recipe.name().reference())
                .put("org.opencontainers.image.ref.name", recipe.name().reference());
        return JSON.writeValueAsBytes(json);
    }

    private static TarArchiveOutputStream tar(ByteArrayOutputStream out) {
        TarArchiveOutputStream tar = new TarArchiveOutputStream(out, "UTF-8");
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
        return tar;
    }

    private static void file(TarArchiveOutputStream tar, String name, byte[] content, int mode) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(content.length);
        entry.setMode(TarArchiveEntry.DEFAULT_FILE_MODE & ~07777 | mode);
        entry.setModTime(0L);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    private static void add(TarArchiveOutputStream tar, TarArchiveEntry entry) throws IOException {
        entry.setModTime(0L);
        tar.putArchiveEntry(entry);
        tar.closeArchiveEntry();
    }
}
