package io.jollyboat.network.proxy;

import java.util.ArrayList;
import java.util.List;

/**
 * How many elements the endpoints of a port are laid out in: the rules draw a random number below a constant, so each
 * count needs a chain of its own. Few endpoints have a slot each; many share a larger number of slots in turn, so that
 * none gets more than an eighth more than another up to {@code ONE_EACH * 4} endpoints, a quarter beyond.
 *
 * @param code the number that stands for the count in a mark, from 1
 */
record Slots(int code, int count) {
    /** Endpoints beyond are not used; an Endpoints object stops at 1000 too. */
    static final int MOST_ENDPOINTS = 1024;

    private static final int ONE_EACH = 32;
    private static final Slots MANY = new Slots(ONE_EACH + 1, 1024);
    private static final Slots MOST = new Slots(ONE_EACH + 2, 4096);

    static Slots of(int endpoints) {
        if (endpoints <= ONE_EACH) {
            return new Slots(endpoints, endpoints);
        }
        return endpoints <= 4 * ONE_EACH ? MANY : MOST;
    }

    /** All there are. */
    static List<Slots> all() {
        List<Slots> all = new ArrayList<>();
        for (int i = 1; i <= ONE_EACH; i++) {
            all.add(new Slots(i, i));
        }
        all.add(MANY);
        all.add(MOST);
        return all;
    }
}
