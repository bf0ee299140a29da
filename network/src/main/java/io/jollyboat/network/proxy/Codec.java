package io.jollyboat.network.proxy;

import io.jollyboat.api.Ip;
import io.jollyboat.linux.Nftables.Family;
import io.jollyboat.linux.Nftables.RawElement;
import io.jollyboat.network.Protocol;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Elements as the kernel keeps them: fields of four bytes (an address of IPv6 of sixteen), addresses and ports in
 * network order, numbers in its own.
 */
final class Codec {
    private static final byte[] NONE = {};
    private static final int FIELD = 4;

    private Codec() {}

    static Family family(Element element) {
        return element.isIpv4() ? Family.IP : Family.IP6;
    }

    static RawElement encode(Element element) {
        Vip vip = element.vip();
        int width = vip.address().isIpv4() ? FIELD : 4 * FIELD;
        return switch (element.map()) {
            case SERVICES, OUTSIDE -> new RawElement(key(vip, 0).array(), NONE, word(element.mark()));
            case ENDPOINTS, LOCAL_ENDPOINTS ->
                new RawElement(
                        key(vip, FIELD)
                                .order(ByteOrder.nativeOrder())
                                .putInt(width + 2 * FIELD, element.index())
                                .array(),
                        NONE,
                        ByteBuffer.allocate(width + FIELD)
                                .put(element.backend().address().bytes())
                                .putShort((short) element.backend().port())
                                .array());
            case REFUSED, CLOSED, CLOSED_OUTSIDE, GUARDED ->
                new RawElement(key(vip, 0).array(), NONE, NONE);
            case ALLOWED ->
                new RawElement(
                        key(vip, width)
                                .put(
                                        width + 2 * FIELD,
                                        element.sources().first().bytes())
                                .array(),
                        key(vip, width)
                                .put(width + 2 * FIELD, element.sources().last().bytes())
                                .array(),
                        NONE);
        };
    }

    static Element decode(Family family, MapName map, RawElement raw) {
        int width = width(family);
        ByteBuffer key = ByteBuffer.wrap(raw.key());
        Vip vip =
                new Vip(ip(key, 0, width), protocol(key.get(width)), Short.toUnsignedInt(key.getShort(width + FIELD)));
        return switch (map) {
            case SERVICES, OUTSIDE ->
                Element.service(map, vip, ordered(ByteBuffer.wrap(raw.value())).getInt(0));
            case ENDPOINTS, LOCAL_ENDPOINTS ->
                Element.endpoint(map, vip, ordered(key).getInt(width + 2 * FIELD), backend(raw.value(), width));
            case REFUSED, CLOSED, CLOSED_OUTSIDE, GUARDED -> Element.member(map, vip);
            case ALLOWED ->
                Element.allowed(
                        vip,
                        new Element.Span(
                                ip(key, width + 2 * FIELD, width),
                                ip(ByteBuffer.wrap(raw.end()), width + 2 * FIELD, width)));
        };
    }

    /** The entry of {@code state} under a number. */
    static RawElement state(int number, int value) {
        return new RawElement(word(number), NONE, word(value));
    }

    /** Whom an entry of an affinity map binds to which endpoint; the mark in its key holds the port. */
    static Delta.Gone affinity(Family family, RawElement raw, int affinityClass) {
        int width = width(family);
        ByteBuffer key = ByteBuffer.wrap(raw.key());
        int port = ordered(key.duplicate()).getInt(0) >>> 16;
        Ip target = ip(key, 2 * FIELD + width, width);
        return new Delta.Gone(
                new Vip(target, protocol(key.get(FIELD)), port), backend(raw.value(), width), affinityClass);
    }

    private static int width(Family family) {
        return family == Family.IP ? FIELD : 4 * FIELD;
    }

    private static Backend backend(byte[] value, int width) {
        ByteBuffer in = ByteBuffer.wrap(value);
        return new Backend(ip(in, 0, width), Short.toUnsignedInt(in.getShort(width)));
    }

    private static Ip ip(ByteBuffer in, int at, int width) {
        byte[] bytes = new byte[width];
        in.get(at, bytes);
        return Ip.of(bytes);
    }

    private static Protocol protocol(byte number) {
        for (Protocol protocol : Protocol.values()) {
            if (protocol.number() == (number & 255)) {
                return protocol;
            }
        }
        throw new IllegalArgumentException("there is no protocol " + number + " in these maps");
    }

    private static ByteBuffer key(Vip vip, int more) {
        byte[] address = vip.address().bytes();
        return ByteBuffer.allocate(address.length + 2 * FIELD + more)
                .put(0, address)
                .put(address.length, (byte) vip.protocol().number())
                .putShort(address.length + FIELD, (short) vip.port());
    }

    private static byte[] word(int value) {
        return ordered(ByteBuffer.allocate(FIELD)).putInt(0, value).array();
    }

    private static ByteBuffer ordered(ByteBuffer buffer) {
        return buffer.order(ByteOrder.nativeOrder());
    }
}
