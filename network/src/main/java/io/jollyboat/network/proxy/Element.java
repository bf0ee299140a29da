package io.jollyboat.network.proxy;

import io.jollyboat.api.Ip;

/**
 * One element of a set or map.
 *
 * @param index the slot in {@code endpoints} and {@code local_endpoints}
 * @param mark in {@code services} and {@code outside}
 * @param backend in them too
 * @param sources in {@code allowed}
 */
record Element(MapName map, Vip vip, int index, int mark, Backend backend, Span sources) {
    private static final Backend NOBODY = new Backend(new Ip(0, 0), 0);
    private static final Span NOWHERE = new Span(new Ip(0, 0), new Ip(0, 0));

    /** Addresses from one to another. */
    record Span(Ip first, Ip last) {
        @Override
        public int hashCode() {
            return first.hashCode() * 31 + last.hashCode();
        }
    }

    static Element service(MapName map, Vip vip, int mark) {
        return new Element(map, vip, 0, mark, NOBODY, NOWHERE);
    }

    static Element endpoint(MapName map, Vip vip, int slot, Backend backend) {
        return new Element(map, vip, slot, 0, backend, NOWHERE);
    }

    static Element member(MapName set, Vip vip) {
        return new Element(set, vip, 0, 0, NOBODY, NOWHERE);
    }

    static Element allowed(Vip vip, Span sources) {
        return new Element(MapName.ALLOWED, vip, 0, 0, NOBODY, sources);
    }

    /** The element without its value: what may be there only once. */
    Element key() {
        return mark == 0 && !isEndpoint() ? this : new Element(map, vip, index, 0, NOBODY, sources);
    }

    boolean isEndpoint() {
        return map == MapName.ENDPOINTS || map == MapName.LOCAL_ENDPOINTS;
    }

    boolean isIpv4() {
        return vip.address().isIpv4();
    }

    @Override
    public int hashCode() {
        int hash = map.ordinal() * 31 + vip.hashCode();
        hash = (hash * 31 + index) * 31 + mark;
        return (hash * 31 + backend.hashCode()) * 31 + sources.hashCode();
    }

    /** Whether another with the same key says the same. */
    boolean hasValueOf(Element other) {
        return mark == other.mark && backend.equals(other.backend);
    }

    /** Key and value as nft writes them. */
    String text() {
        return switch (map) {
            case SERVICES, OUTSIDE -> "%s : 0x%08x".formatted(vip, mark);
            case ENDPOINTS, LOCAL_ENDPOINTS -> vip + " . " + index + " : " + backend;
            case REFUSED, CLOSED, CLOSED_OUTSIDE, GUARDED -> vip.toString();
            case ALLOWED ->
                vip + " . " + sources.first() + (sources.first().equals(sources.last()) ? "" : "-" + sources.last());
        };
    }

    @Override
    public String toString() {
        return map.lower() + " { " + text() + " }";
    }
}
