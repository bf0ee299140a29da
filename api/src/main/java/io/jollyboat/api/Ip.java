package io.jollyboat.api;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * An address of IPv4 or IPv6 as a number of 128 bits; one of IPv4 stands where RFC 4291 (2.5.5.2) maps it to.
 *
 * @param high the first eight bytes
 * @param low the last eight bytes
 */
public record Ip(long high, long low) implements Comparable<Ip> {
    private static final long MAPPED = 0xffff_0000_0000L;
    private static final long WORD = 0xffff_ffffL;
    private static final int GROUPS = 8;
    private static final int LONGEST = 45;

    /** @param address the first byte highest */
    public static Ip ofIpv4(int address) {
        return new Ip(0, MAPPED | address & WORD);
    }

    /** From 4 or 16 bytes in network order. */
    public static Ip of(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        return bytes.length == Integer.BYTES ? ofIpv4(in.getInt()) : new Ip(in.getLong(), in.getLong());
    }

    /** @throws IllegalArgumentException for what is no address */
    public static Ip parse(String text) {
        return read(text).orElseThrow(() -> new IllegalArgumentException(text + " is no IP address"));
    }

    /** The address in a text in one of its usual forms (RFC 4291, 2.2); names are never looked up. */
    public static Optional<Ip> read(String text) {
        if (text.indexOf(':') < 0) {
            long address = readIpv4(text);
            return address < 0 ? Optional.empty() : Optional.of(ofIpv4((int) address));
        }
        return text.length() > LONGEST ? Optional.empty() : readIpv6(text);
    }

    /** As 32 bits, -1 when it is none. Written by hand: a full load of rules reads some hundred thousand. */
    private static long readIpv4(String text) {
        long value = 0;
        int part = -1;
        int dots = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= '0' && c <= '9' && part <= 255 && part != 0) {
                part = Math.max(part, 0) * 10 + (c - '0');
            } else if (c == '.' && part >= 0 && part <= 255) {
                value = value << 8 | part;
                part = -1;
                dots++;
            } else {
                return -1;
            }
        }
        return dots == 3 && part >= 0 && part <= 255 ? value << 8 | part : -1;
    }

    private static Optional<Ip> readIpv6(String text) {
        String rest = text;
        int dot = text.indexOf('.');
        if (dot >= 0) {
            int tail = text.lastIndexOf(':') + 1;
            long last = readIpv4(text.substring(tail));
            if (last < 0) {
                return Optional.empty();
            }
            rest = text.substring(0, tail) + Long.toHexString(last >>> 16) + ":" + Long.toHexString(last & 0xffff);
        }
        int gap = rest.indexOf("::");
        if (gap < 0) {
            return groups(rest).filter(g -> g.length == GROUPS).map(Ip::ofGroups);
        }
        Optional<int[]> before = groups(rest.substring(0, gap));
        Optional<int[]> after = groups(rest.substring(gap + 2));
        if (before.isEmpty() || after.isEmpty() || before.get().length + after.get().length >= GROUPS) {
            return Optional.empty();
        }
        int[] all = new int[GROUPS];
        System.arraycopy(before.get(), 0, all, 0, before.get().length);
        System.arraycopy(after.get(), 0, all, GROUPS - after.get().length, after.get().length);
        return Optional.of(ofGroups(all));
    }

    private static Optional<int[]> groups(String text) {
        if (text.isEmpty()) {
            return Optional.of(new int[0]);
        }
        String[] parts = text.split(":", -1);
        int[] groups = new int[parts.length];
        for (int i = 0; i < parts.length; i++) {
            if (!parts[i].matches("[0-9a-fA-F]{1,4}")) {
                return Optional.empty();
            }
            groups[i] = Integer.parseInt(parts[i], 16);
        }
        return Optional.of(groups);
    }

    private static Ip ofGroups(int[] groups) {
        long high = 0;
        long low = 0;
        for (int i = 0; i < GROUPS / 2; i++) {
            high = high << 16 | groups[i];
            low = low << 16 | groups[i + GROUPS / 2];
        }
        return new Ip(high, low);
    }

    public boolean isIpv4() {
        return high == 0 && low >>> 32 == 0xffff;
    }

    /** An IPv4 address as 32 bits, the first byte highest. */
    public int ipv4() {
        return (int) low;
    }

    /** 4 or 16 bytes in network order. */
    public byte[] bytes() {
        return isIpv4()
                ? ByteBuffer.allocate(Integer.BYTES).putInt(ipv4()).array()
                : ByteBuffer.allocate(2 * Long.BYTES).putLong(high).putLong(low).array();
    }

    /** The address that comes so many later, within the last eight bytes. */
    public Ip plus(long count) {
        return new Ip(high, low + count);
    }

    @Override
    public int compareTo(Ip other) {
        int order = Long.compareUnsigned(high, other.high);
        return order != 0 ? order : Long.compareUnsigned(low, other.low);
    }

    /** Written out, because a record's own is slow while the program is young. */
    @Override
    public int hashCode() {
        return Long.hashCode(high * 31 + low);
    }

    /** In the one form that RFC 5952 recommends. */
    @Override
    public String toString() {
        if (isIpv4()) {
            int a = ipv4();
            return (a >>> 24) + "." + (a >>> 16 & 255) + "." + (a >>> 8 & 255) + "." + (a & 255);
        }
        int[] groups = new int[GROUPS];
        for (int i = 0; i < GROUPS / 2; i++) {
            int shift = 48 - 16 * i;
            groups[i] = (int) (high >>> shift & 0xffff);
            groups[i + GROUPS / 2] = (int) (low >>> shift & 0xffff);
        }
        int gap = longestGap(groups);
        int end = gap < 0 ? gap : gap + zerosFrom(groups, gap);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < GROUPS; i++) {
            if (i == gap) {
                text.append("::");
                i = end - 1;
            } else {
                text.append(i == 0 || i == end ? "" : ":").append(Integer.toHexString(groups[i]));
            }
        }
        return text.toString();
    }

    /** Where the longest run of zeros begins, the first of several; -1 where none has two. */
    private static int longestGap(int[] groups) {
        int best = -1;
        for (int i = 0; i < GROUPS; i++) {
            int length = zerosFrom(groups, i);
            if (length >= 2 && (best < 0 || length > zerosFrom(groups, best))) {
                best = i;
            }
        }
        return best;
    }

    private static int zerosFrom(int[] groups, int start) {
        int end = start;
        while (end < GROUPS && groups[end] == 0) {
            end++;
        }
        return end - start;
    }
}
