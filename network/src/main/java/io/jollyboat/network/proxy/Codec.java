package io.jollyboat.network.proxy;

import io.jollyboat.linux.Nftables.RawElement;
import io.jollyboat.network.Protocol;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Elements as the kernel keeps them: fields of four bytes, addresses and ports in network order, numbers in its own. */
final class Codec {
    private static final byte[] NONE = {};

    private Codec() {}

    static RawElement encode(Element element) {
        return switch (element.map()) {
            case SERVICES, OUTSIDE ->
                new RawElement(
                        key(element.vip(), 0).array(),
                        NONE,
                        words(1).putInt(0, (int) element.value()).array());
            case ENDPOINTS, LOCAL_ENDPOINTS ->
                new RawElement(
                        ordered(key(element.vip(), 4))
                                .putInt(12, element.index())
                                .array(),
                        NONE,
                        value(element));
            case REFUSED, CLOSED, CLOSED_OUTSIDE, GUARDED ->
                new RawElement(key(element.vip(), 0).array(), NONE, NONE);
            case ALLOWED ->
                new RawElement(
                        key(element.vip(), 4).putInt(12, element.index()).array(),
                        key(element.vip(), 4).putInt(12, element.end()).array(),
                        NONE);
        };
    }

    static Element decode(MapName map, RawElement raw) {
        ByteBuffer key = ByteBuffer.wrap(raw.key());
        Vip vip = new Vip(key.getInt(0), protocol(key.get(4)), Short.toUnsignedInt(key.getShort(8)));
        ByteBuffer value = ByteBuffer.wrap(raw.value());
        return switch (map) {
            case SERVICES, OUTSIDE -> Element.service(map, vip, ordered(value).getInt(0));
            case ENDPOINTS, LOCAL_ENDPOINTS ->
                Element.endpoint(
                        map,
                        vip,
                        ordered(key).getInt(12),
                        new Backend(value.getInt(0), Short.toUnsignedInt(value.getShort(4))));
            case REFUSED, CLOSED, CLOSED_OUTSIDE, GUARDED -> Element.member(map, vip);
            case ALLOWED ->
                new Element(map, vip, key.getInt(12), ByteBuffer.wrap(raw.end()).getInt(12), 0);
        };
    }

    /** The entry of {@code state} under a number. */
    static RawElement state(int number, int value) {
        return new RawElement(
                words(1).putInt(0, number).array(),
                NONE,
                words(1).putInt(0, value).array());
    }

    /** Whom an entry of an affinity map binds to which endpoint; the mark in its key holds the port. */
    static Delta.Gone affinity(RawElement raw, int affinityClass) {
        ByteBuffer key = ByteBuffer.wrap(raw.key());
        int port = ordered(key.duplicate()).getInt(0) >>> 16;
        ByteBuffer value = ByteBuffer.wrap(raw.value());
        return new Delta.Gone(
                new Vip(key.getInt(12), protocol(key.get(4)), port),
                new Backend(value.getInt(0), Short.toUnsignedInt(value.getShort(4))),
                affinityClass);
    }

    private static Protocol protocol(byte number) {
        for (Protocol protocol : Protocol.values()) {
            if (protocol.number() == number) {
                return protocol;
            }
        }
        throw new IllegalArgumentException("there is no protocol " + number + " in these maps");
    }

    private static ByteBuffer key(Vip vip, int more) {
        return ByteBuffer.allocate(12 + more)
                .putInt(0, vip.address())
                .put(4, (byte) vip.protocol().number())
                .putShort(8, (short) vip.port());
    }

    private static byte[] value(Element element) {
        Backend backend = element.backend();
        return ByteBuffer.allocate(8)
                .putInt(0, backend.address())
                .putShort(4, (short) backend.port())
                .array();
    }

    private static ByteBuffer words(int count) {
        return ordered(ByteBuffer.allocate(count * Integer.BYTES));
    }

    private static ByteBuffer ordered(ByteBuffer buffer) {
        return buffer.order(ByteOrder.nativeOrder());
    }
}
