package io.jollyboat.network.proxy;

import java.util.ArrayList;
import java.util.List;

/**
 * How many elements the endpoints of a port are laid out in: the rules draw a random number below a constant, so each
 * count needs a chain of its own. Few endpoints have a slot each; many share a larger number of slots in turn, so that
 * none gets more than a quarter more than another.
 *
 * @param code the number that stands for the count in a mark, from 1
 */
record Slots(int code, int count) {
    /** Endpoints beyond are not used. */
    static final int MOST_ENDPOINTS = 16_384;

    private static final int ONE_EACH = 32;

    /** Each for up to a quarter as many endpoints. */
    private static final List<Slots> SHARED = List.of(
            new Slots(ONE_EACH + 1, 1024),
            new Slots(ONE_EACH + 2, 4096),
            new Slots(ONE_EACH + 3, 16_384),
            new Slots(ONE_EACH + 4, 4 * MOST_ENDPOINTS));

    static Slots of(int endpoints) {
        if (endpoints <= ONE_EACH) {
            return new Slots(endpoints, endpoints);
        }
        return SHARED.stream()
                .filter(slots -> endpoints <= slots.count / 4)
                .findFirst()
                .orElseThrow();
    }

    /** All there are. */
    static List<Slots> all() {
        List<Slots> all = new ArrayList<>();
        for (int i = 1; i <= ONE_EACH; i++) {
            all.add(new Slots(i, i));
        }
        all.addAll(SHARED);
        return all;
    }
}
