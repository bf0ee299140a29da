package io.jollyboat.server;

import io.jollyboat.api.codec.Protobuf;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A stored object at one revision: the tree that every reader shares, and the stored bytes beside it, so that it can
 * be sent without being encoded again. Nobody may change it.
 *
 * <p>The stored bytes are JSON that begins with {@code {"apiVersion":…,"kind":…,"metadata":{} and lack the
 * resourceVersion, which is the revision that the store gave; it is put in on the way out.
 */
public final class SharedObject extends ObjectNode {
    private static final long serialVersionUID = 1;
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final byte[] METADATA = "\"metadata\":{".getBytes(StandardCharsets.US_ASCII);

    private final String key;
    private final long revision;
    private final transient byte[] stored;
    private transient volatile byte @Nullable [] message;

    private SharedObject(String key, long revision, byte[] stored, Map<String, JsonNode> children) {
        super(JsonNodeFactory.instance, children);
        this.key = key;
        this.revision = revision;
        this.stored = stored;
    }

    /** Decodes what the store holds under {@code key}. */
    static SharedObject decode(String key, long revision, byte[] stored) {
        return of(key, revision, stored, (ObjectNode) JSON.readTree(stored));
    }

    /** What was just written: {@code tree} is taken over, not copied. */
    static SharedObject of(String key, long revision, byte[] stored, ObjectNode tree) {
        Map<String, JsonNode> children = new LinkedHashMap<>();
        tree.forEachEntry(children::put);
        ObjectNode metadata = JsonNodeFactory.instance.objectNode();
        metadata.setAll((ObjectNode) tree.required("metadata"));
        metadata.put("resourceVersion", Long.toString(revision));
        children.put("metadata", metadata);
        return new SharedObject(key, revision, stored, children);
    }

    /** The bytes for the store: kind and version first, then the metadata without resourceVersion, then the rest. */
    static byte[] encode(ObjectNode tree) {
        ObjectNode ordered = JsonNodeFactory.instance.objectNode();
        ordered.set("apiVersion", tree.required("apiVersion"));
        ordered.set("kind", tree.required("kind"));
        ObjectNode metadata = JsonNodeFactory.instance.objectNode();
        metadata.setAll((ObjectNode) tree.required("metadata"));
        metadata.remove("resourceVersion");
        ordered.set("metadata", metadata);
        tree.forEachEntry(ordered::putIfAbsent);
        return JSON.writeValueAsBytes(ordered);
    }

    /** The same content as of another revision: what a DELETED event shows. */
    SharedObject at(long other) {
        return other == revision ? this : of(key, other, stored, this);
    }

    /** Where the store holds it. */
    String key() {
        return key;
    }

    public long revision() {
        return revision;
    }

    /** How many bytes the store holds for it. */
    public int storedBytes() {
        return stored.length;
    }

    /** The object as JSON. */
    public byte[] json() {
        var out = new java.io.ByteArrayOutputStream(stored.length + 48);
        try {
            writeJson(out, true);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /**
     * Writes the object as JSON.
     *
     * @param withKind false to leave apiVersion and kind out, as items of a list do
     */
    public void writeJson(OutputStream out, boolean withKind) throws IOException {
        int metadata = find(stored, METADATA);
        int inside = metadata + METADATA.length;
        if (withKind) {
            out.write(stored, 0, inside);
        } else {
            out.write('{');
            out.write(stored, metadata, METADATA.length);
        }
        String comma = stored[inside] == '}' ? "" : ",";
        out.write(("\"resourceVersion\":\"" + revision + "\"" + comma).getBytes(StandardCharsets.US_ASCII));
        out.write(stored, inside, stored.length - inside);
    }

    /**
     * An object as a protobuf message without its envelope; of a stored one it is encoded once, and nobody may change it.
     *
     * @return empty for kinds that have no message
     */
    public static Optional<byte[]> message(ObjectNode object) {
        return object instanceof SharedObject stored ? stored.message() : Protobuf.message(object);
    }

    private Optional<byte[]> message() {
        byte[] known = message;
        if (known == null) {
            Optional<byte[]> made = Protobuf.message(this);
            made.ifPresent(bytes -> message = bytes);
            return made;
        }
        return Optional.of(known);
    }

    private static int find(byte[] text, byte[] wanted) {
        for (int i = 0; i + wanted.length < text.length; i++) {
            if (java.util.Arrays.equals(text, i, i + wanted.length, wanted, 0, wanted.length)) {
                return i;
            }
        }
        throw new IllegalStateException("a stored object without metadata");
    }
}
