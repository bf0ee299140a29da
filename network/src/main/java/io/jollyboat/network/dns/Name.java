package io.jollyboat.network.dns;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A domain name in wire form and in small letters: labels with their lengths in front, ended by the empty one. */
final class Name {
    /** RFC 1035 section 2.3.4. */
    static final int MAX_BYTES = 255;

    static final int MAX_LABEL = 63;

    static final Name ROOT = new Name(new byte[] {0});

    private final byte[] wire;
    private final int hash;

    private Name(byte[] wire) {
        this.wire = wire;
        this.hash = Arrays.hashCode(wire);
    }

    /** A name written with dots, the last dot may be missing; empty where it is none. */
    static Optional<Name> parse(String text) {
        String plain = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        return of(plain.isEmpty() ? List.of() : List.of(plain.split("\\.", -1)));
    }

    /** A name that the program itself wrote. */
    static Name of(String text) {
        return parse(text).orElseThrow(() -> new IllegalArgumentException(text + " is no domain name"));
    }

    /** The name of these labels, the outermost last; empty where a label or the whole is too long. */
    static Optional<Name> of(List<String> labels) {
        int size = 1;
        for (String label : labels) {
            if (label.isEmpty() || label.length() > MAX_LABEL) {
                return Optional.empty();
            }
            size += label.length() + 1;
        }
        if (size > MAX_BYTES) {
            return Optional.empty();
        }
        byte[] wire = new byte[size];
        int at = 0;
        for (String label : labels) {
            wire[at++] = (byte) label.length();
            for (byte letter : label.getBytes(StandardCharsets.ISO_8859_1)) {
                wire[at++] = lower(letter);
            }
        }
        return Optional.of(new Name(wire));
    }

    /** The name whose wire form, whole and sound, stands there in capitals and small letters. */
    static Name copy(byte[] from, int start, int length) {
        byte[] wire = Arrays.copyOfRange(from, start, start + length);
        for (int i = 0; i < length; i++) {
            wire[i] = lower(wire[i]); // a length is at most 63, which is no letter
        }
        return new Name(wire);
    }

    static byte lower(byte letter) {
        return letter >= 'A' && letter <= 'Z' ? (byte) (letter + 32) : letter;
    }

    /** The name one or more labels below this one; empty where it would be too long. */
    Optional<Name> child(String... labels) {
        List<String> all = new ArrayList<>(List.of(labels));
        all.addAll(labels());
        return of(all);
    }

    /** Each label as text of single bytes, the outermost last. */
    List<String> labels() {
        List<String> labels = new ArrayList<>();
        for (int at = 0; wire[at] != 0; at += wire[at] + 1) {
            labels.add(new String(wire, at + 1, wire[at], StandardCharsets.ISO_8859_1));
        }
        return labels;
    }

    /** Whether this is that name or one below it. */
    boolean isUnder(Name zone) {
        int start = wire.length - zone.wire.length;
        int at = 0;
        while (at < start) {
            at += wire[at] + 1;
        }
        return at == start && Arrays.equals(wire, start, wire.length, zone.wire, 0, zone.wire.length);
    }

    /** The bytes themselves: to be read only. */
    byte[] wire() {
        return wire;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Name name && Arrays.equals(wire, name.wire);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return String.join(".", labels()) + ".";
    }
}
