package io.jollyboat.server.access;

import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * A certificate's subject in the order in which it was written: a sequence of sets of pairs of kind and value (RFC 5280,
 * 4.1.2.4). The JDK's own readers sort what stands in one set, and Go writes all organizations into one.
 */
record Subject(List<String> commonNames, List<String> organizations) {
    private static final String COMMON_NAME = "550403";
    private static final String ORGANIZATION = "55040a";
    private static final int UTF_16_STRING = 0x1e;

    Subject {
        commonNames = List.copyOf(commonNames);
        organizations = List.copyOf(organizations);
    }

    /** @param encoded in DER, as it comes out of a certificate that the JDK has read */
    static Subject of(byte[] encoded) {
        List<String> names = new ArrayList<>();
        List<String> organizations = new ArrayList<>();
        for (Part set : parts(parts(ByteBuffer.wrap(encoded)).getFirst().content())) {
            for (Part pair : parts(set.content())) {
                List<Part> both = parts(pair.content());
                String kind = HexFormat.of().formatHex(both.get(0).bytes());
                if (kind.equals(COMMON_NAME)) {
                    names.add(both.get(1).text());
                } else if (kind.equals(ORGANIZATION)) {
                    organizations.add(both.get(1).text());
                }
            }
        }
        return new Subject(names, organizations);
    }

    private record Part(int tag, ByteBuffer content) {
        byte[] bytes() {
            byte[] bytes = new byte[content.remaining()];
            content.duplicate().get(bytes);
            return bytes;
        }

        String text() {
            Charset charset = tag == UTF_16_STRING ? StandardCharsets.UTF_16BE : StandardCharsets.UTF_8;
            return new String(bytes(), charset);
        }
    }

    private static List<Part> parts(ByteBuffer of) {
        ByteBuffer rest = of.duplicate();
        List<Part> parts = new ArrayList<>();
        while (rest.hasRemaining()) {
            int tag = rest.get() & 0xff;
            int length = length(rest);
            parts.add(new Part(tag, rest.slice(rest.position(), length)));
            rest.position(rest.position() + length);
        }
        return parts;
    }

    /** Short, or the number of bytes that hold it. */
    private static int length(ByteBuffer rest) {
        int first = rest.get() & 0xff;
        if (first < 0x80) {
            return first;
        }
        int length = 0;
        for (int i = 0; i < (first & 0x7f); i++) {
            length = length << 8 | rest.get() & 0xff;
        }
        return length;
    }
}
