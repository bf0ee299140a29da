package io.jollyboat.api.codec;

import io.jollyboat.api.Meta;
import io.jollyboat.api.schema.SchemaTable;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Objects in Kubernetes' protobuf form, for clients that take nothing else. */
public final class Protobuf {
    private static final byte[] MAGIC = {'k', '8', 's', 0};
    /** The fields of the envelope after the message: no encoding, no media type. */
    private static final byte[] END = {3 << 3 | Wire.BYTES, 0, 4 << 3 | Wire.BYTES, 0};
    /** The number of the field that holds the items, in every list. */
    private static final int ITEMS = 2;

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
        return message(object).map(message -> enveloped(object, message));
    }

    /**
     * An object without its envelope, as it stands in a list.
     *
     * @return empty for kinds that have no message
     */
    public static Optional<byte[]> message(ObjectNode object) {
        return SchemaTable.builtIn()
                .kind(Meta.apiVersion(object), Meta.kind(object))
                .map(known -> new MessageEncoder(SchemaTable.builtIn())
                        .message(known, object)
                        .toBytes());
    }

    /**
     * A message in its envelope.
     *
     * @param object what it is of: its version and kind are told
     */
    public static byte[] enveloped(ObjectNode object, byte[] message) {
        byte[] start = start(object, message.length);
        return ByteBuffer.allocate(start.length + message.length + END.length)
                .put(start)
                .put(message)
                .put(END)
                .array();
    }

    /** The envelope as far as the message. */
    private static byte[] start(ObjectNode object, long length) {
        Sink type = new Sink();
        type.text(1, Meta.apiVersion(object));
        type.text(2, Meta.kind(object));
        Sink unknown = new Sink();
        unknown.message(1, type);
        unknown.plain(2 << 3 | Wire.BYTES);
        unknown.plain(length);
        byte[] fields = unknown.toBytes();
        return ByteBuffer.allocate(MAGIC.length + fields.length)
                .put(MAGIC)
                .put(fields)
                .array();
    }

    /**
     * A list that is written piece by piece: this, then each item after its {@link #itemStart}, then {@link #listEnd}.
     *
     * @param head the list without its items
     * @param items the messages of the items, for the whole length stands at the beginning
     * @return empty for lists that have no message
     */
    public static Optional<byte[]> listStart(ObjectNode head, List<byte[]> items) {
        return message(head).map(first -> {
            long length = first.length;
            for (byte[] item : items) {
                length += itemStart(item).length + item.length;
            }
            byte[] start = start(head, length);
            return ByteBuffer.allocate(start.length + first.length)
                    .put(start)
                    .put(first)
                    .array();
        });
    }

    /** What stands before an item of a list. */
    public static byte[] itemStart(byte[] item) {
        Sink start = new Sink();
        start.plain(ITEMS << 3 | Wire.BYTES);
        start.plain(item.length);
        return start.toBytes();
    }

    /** What stands after the last item of a list. */
    public static byte[] listEnd() {
        return END.clone();
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
