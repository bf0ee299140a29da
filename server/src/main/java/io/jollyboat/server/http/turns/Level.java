package io.jollyboat.server.http.turns;

import io.jollyboat.api.Meta;
import tools.jackson.databind.JsonNode;

/**
 * A priority level: a share of the server's seats that no other level can take.
 *
 * @param uid "" where it is not stored
 * @param exempt whether its requests wait for nothing
 * @param shares of all seats
 * @param queue how many requests of one flow may wait
 * @param waiting how many requests may wait in all; 0 where who finds no seat is refused
 */
record Level(String name, String uid, boolean exempt, int shares, int queue, int waiting) {
    private static final int USUAL_SHARES = 30;
    /** Numbers that make more than that mean that; the objects' own limits are far beneath. */
    private static final long MOST = 1_000_000;

    /** Reads a PriorityLevelConfiguration. */
    static Level of(JsonNode object) {
        JsonNode spec = object.path("spec");
        if (spec.path("type").stringValue("").equals("Exempt")) {
            int shares = number(spec.path("exempt"), "nominalConcurrencyShares", 0);
            return new Level(Meta.name(object), Meta.uid(object), true, shares, 0, 0);
        }
        JsonNode limited = spec.path("limited");
        JsonNode response = limited.path("limitResponse");
        JsonNode queuing = response.path("queuing");
        boolean queues = response.path("type").stringValue("").equals("Queue");
        long length = queues ? number(queuing, "queueLengthLimit", 50) : 0;
        long hand = number(queuing, "handSize", 8) * length;
        long all = number(queuing, "queues", 64) * length;
        return new Level(
                Meta.name(object),
                Meta.uid(object),
                false,
                number(limited, "nominalConcurrencyShares", USUAL_SHARES),
                (int) Math.min(hand, MOST),
                (int) Math.min(all, MOST));
    }

    private static int number(JsonNode from, String field, int otherwise) {
        return (int) Math.clamp(from.path(field).longValue(otherwise), 0, MOST);
    }

    /** Its part of {@code total} seats, at least one. */
    int seats(int total, int allShares) {
        return allShares == 0 ? 1 : (int) Math.max(1, Math.ceilDiv((long) total * shares, allShares));
    }
}
