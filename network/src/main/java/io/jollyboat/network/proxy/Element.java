package io.jollyboat.network.proxy;

/**
 * One element of a set or map.
 *
 * @param index the slot in {@code endpoints} and {@code local_endpoints}, the lowest source in {@code allowed}
 * @param end the highest source in {@code allowed}
 * @param value the mark in {@code services} and {@code outside}, the address and (lowest 16 bits) port of an
 *     endpoint
 */
record Element(MapName map, Vip vip, int index, int end, long value) {
    static Element service(MapName map, Vip vip, int mark) {
        return new Element(map, vip, 0, 0, Integer.toUnsignedLong(mark));
    }

    static Element endpoint(MapName map, Vip vip, int slot, Backend backend) {
        return new Element(map, vip, slot, 0, Integer.toUnsignedLong(backend.address()) << 16 | backend.port());
    }

    static Element member(MapName set, Vip vip) {
        return new Element(set, vip, 0, 0, 0);
    }

    static Element allowed(Vip vip, Ipv4.Network sources) {
        return new Element(MapName.ALLOWED, vip, sources.first(), sources.last(), 0);
    }

    /** The element without its value: what may be there only once. */
    Element key() {
        return value == 0 ? this : new Element(map, vip, index, end, 0);
    }

    @Override
    public int hashCode() {
        int hash = map.ordinal() * 31 + vip.hashCode();
        return (hash * 31 + index) * 31 + end + Long.hashCode(value);
    }

    boolean isEndpoint() {
        return map == MapName.ENDPOINTS || map == MapName.LOCAL_ENDPOINTS;
    }

    Backend backend() {
        return new Backend((int) (value >>> 16), (int) (value & 0xffff));
    }

    /** Key and value as nft writes them. */
    String text() {
        return switch (map) {
            case SERVICES, OUTSIDE -> "%s : 0x%08x".formatted(vip, value);
            case ENDPOINTS, LOCAL_ENDPOINTS -> vip + " . " + index + " : " + backend();
            case REFUSED, CLOSED, CLOSED_OUTSIDE, GUARDED -> vip.toString();
            case ALLOWED -> vip + " . " + Ipv4.text(index) + (index == end ? "" : "-" + Ipv4.text(end));
        };
    }

    @Override
    public String toString() {
        return map.lower() + " { " + text() + " }";
    }
}
