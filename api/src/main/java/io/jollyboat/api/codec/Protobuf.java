package io.jollyboat.api.codec;

import io.jollyboat.api.Meta;
import io.jollyboat.api.schema.Definition;
import io.jollyboat.api.schema.SchemaTable;
import java.nio.ByteBuffer;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Objects in Kubernetes' protobuf form, for clients that take nothing else. */
public final class Protobuf {
    private static final byte[] MAGIC = {'k', '8', 's', 0};

    private Protobuf() {}

    /** The media type of an object, also of a list. */
    public static String mediaType() {
        return Format.PROTOBUF.mediaType();
    }

    /**
     * An object or a list in its envelope.
     *
     * @return empty for kinds that have no message, such as custom resources
     */
    public static Optional<byte[]> encode(ObjectNode object) {
        Optional<Definition> definition = SchemaTable.builtIn().kind(Meta.apiVersion(object), Meta.kind(object));
        return definition.map(known -> {
            Sink type = new Sink();
            type.text(1, Meta.apiVersion(object));
            type.text(2, Meta.kind(object));
            Sink unknown = new Sink();
            unknown.message(1, type);
            unknown.message(2, new MessageEncoder(SchemaTable.builtIn()).message(known, object));
            unknown.text(3, "");
            unknown.text(4, "");
            byte[] message = unknown.toBytes();
            return ByteBuffer.allocate(MAGIC.length + message.length)
                    .put(MAGIC)
                    .put(message)
                    .array();
        });
    }

    /**
     * One event of a watch as it stands in the stream: its length in four bytes, then a {@code WatchEvent}.
     *
     * @param object in its envelope
     */
    public static byte[] event(String type, byte[] object) {
        Sink raw = new Sink();
        raw.bytes(1, object);
        Sink event = new Sink();
        event.text(1, type);
        event.message(2, raw);
        byte[] message = event.toBytes();
        return ByteBuffer.allocate(Integer.BYTES + message.length)
                .putInt(message.length)
                .put(message)
                .array();
    }
}
