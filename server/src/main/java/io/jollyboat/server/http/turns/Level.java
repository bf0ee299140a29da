package io.jollyboat.server.http.turns;

/**
 * A priority level: a share of the server's seats that no other level can take.
 *
 * @param shares of all seats; 0 for a level that knows no limit
 * @param queue how many requests of one flow may wait
 * @param waiting how many requests may wait in all
 */
record Level(String name, int shares, int queue, int waiting) {
    boolean exempt() {
        return shares == 0;
    }

    /** Its part of {@code total} seats, at least one. */
    int seats(int total, int allShares) {
        return Math.max(1, Math.ceilDiv(total * shares, allShares));
    }
}
