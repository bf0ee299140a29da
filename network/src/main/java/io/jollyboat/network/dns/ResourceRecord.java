package io.jollyboat.network.dns;

import io.jollyboat.network.dns.RecordType.Layout;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One record of class IN.
 *
 * @param ttl seconds, not negative
 * @param content the record's contents with all names written out; to be read only
 */
record ResourceRecord(Name owner, int type, int ttl, byte[] content) {
    static ResourceRecord address(Name owner, int ttl, InetAddress address) {
        byte[] bytes = address.getAddress();
        return new ResourceRecord(owner, bytes.length == 4 ? RecordType.A : RecordType.AAAA, ttl, bytes);
    }

    /** A record whose contents are one name: CNAME, NS or PTR. */
    static ResourceRecord pointing(Name owner, int type, int ttl, Name target) {
        return new ResourceRecord(owner, type, ttl, target.wire());
    }

    static ResourceRecord text(Name owner, int ttl, String text) {
        byte[] letters = text.getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer content = ByteBuffer.allocate(letters.length + 1);
        content.put((byte) letters.length).put(letters);
        return new ResourceRecord(owner, RecordType.TXT, ttl, content.array());
    }

    static ResourceRecord service(Name owner, int ttl, int weight, int port, Name target) {
        ByteBuffer content = ByteBuffer.allocate(6 + target.wire().length);
        content.putShort((short) 0).putShort((short) weight).putShort((short) port);
        content.put(target.wire());
        return new ResourceRecord(owner, RecordType.SRV, ttl, content.array());
    }

    /** The start of a zone; {@code numbers} are serial, refresh, retry, expire and the TTL of what does not exist. */
    static ResourceRecord authority(Name owner, int ttl, Name server, Name mailbox, int... numbers) {
        ByteArrayOutputStream names = new ByteArrayOutputStream();
        names.writeBytes(server.wire());
        names.writeBytes(mailbox.wire());
        ByteBuffer content = ByteBuffer.allocate(names.size() + 4 * numbers.length);
        content.put(names.toByteArray());
        for (int number : numbers) {
            content.putInt(number);
        }
        return new ResourceRecord(owner, RecordType.SOA, ttl, content.array());
    }

    /** The first name in the contents: where a CNAME, NS, PTR, MX or SRV points. */
    Name target() {
        Layout layout = RecordType.layout(type);
        int end = nameEnd(layout.before());
        return Name.copy(content, layout.before(), end - layout.before());
    }

    /** The end of the name that begins there in the contents. */
    int nameEnd(int start) {
        int at = start;
        while (content[at] != 0) {
            at += content[at] + 1;
        }
        return at + 1;
    }

    /** The TTL of names that do not exist, from a SOA record (RFC 2308 section 5), in seconds. */
    int negativeTtl() {
        int minimum = ByteBuffer.wrap(content).getInt(content.length - 4);
        return Math.max(0, Math.min(ttl, minimum));
    }

    ResourceRecord withTtl(int seconds) {
        return new ResourceRecord(owner, type, seconds, content);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ResourceRecord(Name otherOwner, int otherType, int otherTtl, byte[] otherContent)
                && owner.equals(otherOwner)
                && type == otherType
                && ttl == otherTtl
                && Arrays.equals(content, otherContent);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * owner.hashCode() + type) + Arrays.hashCode(content);
    }
}
