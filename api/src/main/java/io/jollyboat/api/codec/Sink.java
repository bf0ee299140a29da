package io.jollyboat.api.codec;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes the fields of one protobuf message: what {@link Wire} reads. */
public final class Sink {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);

    public void varint(int number, long value) {
        plain((long) number << 3 | Wire.VARINT);
        plain(value);
    }

    public void fixed64(int number, long value) {
        plain((long) number << 3 | Wire.FIXED64);
        for (int shift = 0; shift < 64; shift += 8) {
            bytes.write((int) (value >>> shift));
        }
    }

    public void text(int number, String value) {
        bytes(number, value.getBytes(StandardCharsets.UTF_8));
    }

    public void bytes(int number, byte[] value) {
        plain((long) number << 3 | Wire.BYTES);
        plain(value.length);
        bytes.writeBytes(value);
    }

    public void message(int number, Sink message) {
        bytes(number, message.toBytes());
    }

    /** A number without a field before it. */
    void plain(long value) {
        long left = value;
        while ((left & ~0x7fL) != 0) {
            bytes.write((int) (left & 0x7f | 0x80));
            left >>>= 7;
        }
        bytes.write((int) left);
    }

    public byte[] toBytes() {
        return bytes.toByteArray();
    }
}
