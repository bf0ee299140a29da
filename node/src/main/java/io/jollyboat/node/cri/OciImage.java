package io.jollyboat.node.cri;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * An image of one uncompressed layer, as the OCI image specification describes it.
 *
 * @param layer a tar archive
 */
public record OciImage(byte[] layer, List<String> entrypoint, List<String> command) {
    static final String MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";
    private static final String CONFIG_TYPE = "application/vnd.oci.image.config.v1+json";
    private static final String LAYER_TYPE = "application/vnd.oci.image.layer.v1.tar";
    private static final JsonMapper JSON = new JsonMapper();

    public OciImage {
        entrypoint = List.copyOf(entrypoint);
        command = List.copyOf(command);
    }

    public static OciImage of(byte[] layer) {
        return new OciImage(layer, List.of(), List.of());
    }

    public OciImage withEntrypoint(String... entrypoint) {
        return new OciImage(layer, List.of(entrypoint), command);
    }

    public OciImage withCommand(String... command) {
        return new OciImage(layer, entrypoint, List.of(command));
    }

    /** The image's configuration: what runs, and the digest of the layer. */
    byte[] config() {
        ObjectNode root = JSON.createObjectNode();
        root.put("architecture", System.getProperty("os.arch")).put("os", "linux");
        ObjectNode config = root.putObject("config");
        entrypoint.forEach(config.putArray("Entrypoint")::add);
        command.forEach(config.putArray("Cmd")::add);
        config.putArray("Env").add("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        root.putObject("rootfs").put("type", "layers").putArray("diff_ids").add(digest(layer));
        return bytes(root);
    }

    byte[] manifest() {
        byte[] config = config();
        ObjectNode root = JSON.createObjectNode();
        root.put("schemaVersion", 2).put("mediaType", MANIFEST_TYPE);
        root.putObject("config")
                .put("mediaType", CONFIG_TYPE)
                .put("digest", digest(config))
                .put("size", config.length);
        root.putArray("layers")
                .addObject()
                .put("mediaType", LAYER_TYPE)
                .put("digest", digest(layer))
                .put("size", layer.length);
        return bytes(root);
    }

    static String digest(byte[] content) {
        try {
            return "sha256:"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] bytes(ObjectNode json) {
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }
}
