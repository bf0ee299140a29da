package io.jollyboat.server;

import io.jollyboat.api.Ip;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/** The addresses of one family that Services get. Whoever uses it holds the lock. */
final class AddressPool {
    private static final int LEAST_RESERVED = 16;
    private static final int MOST_RESERVED = 256;

    private final AddressRange range;
    private final Band band;

    AddressPool(AddressRange range, RandomGenerator random) {
        this.range = range;
        int reserved = (int) Math.min(Math.max(LEAST_RESERVED, range.size() / LEAST_RESERVED), MOST_RESERVED);
        this.band = new Band(range.usable(), reserved, random);
    }

    AddressRange range() {
        return range;
    }

    boolean holds(Ip address) {
        return band.holds(range.offset(address));
    }

    boolean isFree(Ip address) {
        return band.isFree(range.offset(address));
    }

    void take(Ip address) {
        band.take(range.offset(address));
    }

    void release(Ip address) {
        band.release(range.offset(address));
    }

    /** A free address, by chance; empty when all are taken. It is not yet taken. */
    Optional<String> choose() {
        return band.choose(Set.of()).stream().mapToObj(range::address).findFirst();
    }
}
