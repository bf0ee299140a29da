package io.jollyboat.network.dns;

import io.jollyboat.network.dns.RecordType.Layout;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads replies of other servers. Each name points strictly backwards and each byte is checked to be there, so that
 * every packet, however broken, is read in bounded time and gives a message or none.
 */
final class MessageReader {
    private static final int INTERNET = 1;

    private final byte[] packet;
    private final int length;
    private int at;

    private MessageReader(byte[] packet, int length) {
        this.packet = packet;
        this.length = length;
    }

    /** The message, or empty where the packet is no sound reply to one question. OPT records are left out. */
    static Optional<Message> read(byte[] packet, int length) {
        try {
            return new MessageReader(packet, length).message();
        } catch (Unsound e) {
            return Optional.empty();
        }
    }

    /** The packet cannot be read; never leaves this class. */
    private static final class Unsound extends RuntimeException {
        private static final long serialVersionUID = 1;

        Unsound() {
            super("unsound message", null, false, false);
        }
    }

    private Optional<Message> message() {
        int id = number();
        int flags = number();
        int questions = number();
        int[] counts = {number(), number(), number()};
        if ((flags & MessageWriter.RESPONSE) == 0 || (flags & 0x7800) != 0 || questions != 1) {
            return Optional.empty();
        }
        Name name = name();
        int type = number();
        if (number() != INTERNET) {
            return Optional.empty();
        }
        boolean truncated = (flags & MessageWriter.TRUNCATED) != 0;
        Answer answer = new Answer(flags & 0xf, false, section(counts[0]), section(counts[1]), section(counts[2]));
        return Optional.of(new Message(id, new Question(name, type), truncated, answer));
    }

    private List<ResourceRecord> section(int count) {
        List<ResourceRecord> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Name owner = name();
            int type = number();
            int recordClass = number();
            int ttl = number() << 16 | number();
            int size = number();
            need(size);
            if (type == RecordType.OPT || recordClass != INTERNET) {
                at += size;
            } else {
                records.add(new ResourceRecord(owner, type, Math.max(0, ttl), content(type, size)));
            }
        }
        return records;
    }

    private byte[] content(int type, int size) {
        int end = at + size;
        Layout layout = RecordType.layout(type);
        ByteArrayOutputStream content = new ByteArrayOutputStream(size);
        copy(content, layout.before());
        for (int i = 0; i < layout.names(); i++) {
            content.writeBytes(name().wire());
        }
        int rest = end - at;
        if (rest < 0 || layout.after() != RecordType.ANY_LENGTH && rest != layout.after()) {
            throw new Unsound();
        }
        copy(content, rest);
        return content.toByteArray();
    }

    private void copy(ByteArrayOutputStream to, int count) {
        need(count);
        to.write(packet, at, count);
        at += count;
    }

    private Name name() {
        byte[] wire = new byte[Name.MAX_BYTES];
        int size = 0;
        int there = at;
        int bound = at; // a pointer must lead before where the last one led from
        boolean jumped = false;
        while (true) {
            int label = octet(there);
            if (label >= 0xc0) {
                int target = (label & 0x3f) << 8 | octet(there + 1);
                at = jumped ? at : there + 2;
                jumped = true;
                if (target >= bound || target < Request.HEADER_BYTES) {
                    throw new Unsound();
                }
                bound = target;
                there = target;
                continue;
            }
            if (label > Name.MAX_LABEL || size + label + 1 > Name.MAX_BYTES || there + label >= length) {
                throw new Unsound();
            }
            System.arraycopy(packet, there, wire, size, label + 1);
            size += label + 1;
            there += label + 1;
            if (label == 0) {
                at = jumped ? at : there;
                return Name.copy(wire, 0, size);
            }
        }
    }

    private int number() {
        int number = octet(at) << 8 | octet(at + 1);
        at += 2;
        return number;
    }

    private int octet(int index) {
        if (index >= length) {
            throw new Unsound();
        }
        return packet[index] & 0xff;
    }

    private void need(int count) {
        if (count < 0 || at + count > length) {
            throw new Unsound();
        }
    }
}
