package io.jollyboat.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The attributes of a netlink message or of another attribute, in the order in which they came. */
final class Attributes {
    private static final int TYPE_BITS = 0x3fff;

    /** One attribute; its value's numbers are in network order. */
    record Attribute(int type, ByteBuffer value) {}

    private final List<Attribute> list = new ArrayList<>();

    /** Reads what is left of the buffer. */
    Attributes(ByteBuffer in) {
        ByteBuffer rest = in.slice().order(ByteOrder.nativeOrder());
        while (rest.remaining() >= 4) {
            int start = rest.position();
            int length = Short.toUnsignedInt(rest.getShort());
            int type = Short.toUnsignedInt(rest.getShort()) & TYPE_BITS;
            if (length < 4 || length > rest.limit() - start) {
                throw new LinuxException("a netlink attribute claims %d bytes".formatted(length));
            }
            list.add(new Attribute(type, rest.slice(start + 4, length - 4)));
            rest.position(Math.min(rest.limit(), start + ((length + 3) & ~3)));
        }
    }

    List<Attribute> all() {
        return list;
    }

    boolean has(int type) {
        return list.stream().anyMatch(attribute -> attribute.type == type);
    }

    /** The value of an attribute, empty when it is missing. */
    ByteBuffer value(int type) {
        for (Attribute attribute : list) {
            if (attribute.type == type) {
                return attribute.value.duplicate();
            }
        }
        return ByteBuffer.allocate(0);
    }

    Attributes nested(int type) {
        return new Attributes(value(type));
    }

    int number(int type) {
        ByteBuffer value = value(type);
        return value.remaining() < Integer.BYTES ? 0 : value.getInt();
    }

    byte[] bytes(int type) {
        ByteBuffer value = value(type);
        byte[] copy = new byte[value.remaining()];
        value.get(copy);
        return copy;
    }

    /** A text that ends with a zero. */
    String text(int type) {
        byte[] bytes = bytes(type);
        return bytes.length == 0 ? "" : new String(bytes, 0, bytes.length - 1, StandardCharsets.US_ASCII);
    }
}
