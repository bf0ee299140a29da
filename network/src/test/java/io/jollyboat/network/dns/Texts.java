package io.jollyboat.network.dns;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Messages as lines of text, about as dig writes them. */
final class Texts {
    private static final Map<Integer, String> CODES =
            Map.of(0, "NOERROR", 1, "FORMERR", 2, "SERVFAIL", 3, "NXDOMAIN", 4, "NOTIMP", 5, "REFUSED");
    private static final Map<Integer, String> TYPES = Map.ofEntries(
            Map.entry(1, "A"),
            Map.entry(2, "NS"),
            Map.entry(5, "CNAME"),
            Map.entry(6, "SOA"),
            Map.entry(12, "PTR"),
            Map.entry(15, "MX"),
            Map.entry(16, "TXT"),
            Map.entry(28, "AAAA"),
            Map.entry(33, "SRV"),
            Map.entry(255, "ANY"),
            Map.entry(252, "AXFR"));

    private Texts() {}

    static int type(String name) {
        return TYPES.entrySet().stream()
                .filter(entry -> entry.getValue().equals(name))
                .findFirst()
                .orElseThrow()
                .getKey();
    }

    /** {@code NAME TYPE} as a question. */
    static Question question(String text) {
        String[] words = text.strip().split("\\s+");
        return new Question(Name.of(words[0]), type(words[1]));
    }

    /** The code and flags, then the answers; authority and additional records behind a mark. */
    static String of(byte[] reply, int length) {
        Message message = MessageReader.read(reply, length).orElseThrow();
        List<String> lines = new ArrayList<>();
        boolean authoritative = (reply[2] & 4) != 0;
        lines.add(
                CODES.get(message.answer().code()) + (authoritative ? " aa" : "") + (message.truncated() ? " tc" : ""));
        message.answer().answers().forEach(record -> lines.add(of(record)));
        message.answer().authority().forEach(record -> lines.add("authority: " + of(record)));
        message.answer().additional().forEach(record -> lines.add("additional: " + of(record)));
        return String.join("\n", lines);
    }

    static String of(ResourceRecord record) {
        return record.owner() + " " + record.ttl() + " " + TYPES.getOrDefault(record.type(), "TYPE" + record.type())
                + " " + content(record);
    }

    private static String content(ResourceRecord record) {
        byte[] bytes = record.content();
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return switch (record.type()) {
            case RecordType.A, RecordType.AAAA -> address(bytes);
            case RecordType.CNAME, RecordType.NS, RecordType.PTR ->
                record.target().toString();
            case RecordType.SRV ->
                buffer.getShort(0) + " " + buffer.getShort(2) + " " + (buffer.getShort(4) & 0xffff) + " "
                        + record.target();
            case RecordType.MX -> buffer.getShort(0) + " " + record.target();
            case RecordType.TXT -> '"' + new String(bytes, 1, bytes[0], StandardCharsets.ISO_8859_1) + '"';
            case RecordType.SOA -> start(record, buffer);
            default -> HexFormat.of().formatHex(bytes);
        };
    }

    private static String start(ResourceRecord record, ByteBuffer buffer) {
        int names = record.nameEnd(record.nameEnd(0));
        StringBuilder text = new StringBuilder(record.target().toString());
        for (int i = names; i < buffer.capacity(); i += 4) {
            text.append(' ').append(buffer.getInt(i));
        }
        return text.toString();
    }

    private static String address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes).getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
