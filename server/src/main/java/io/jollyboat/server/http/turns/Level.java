package io.jollyboat.server.http.turns;

import io.jollyboat.api.Meta;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;

/**
 * A priority level: a share of the server's seats, of which it may lend a part.
 *
 * @param uid "" where it is not stored
 * @param exempt whether its requests wait for nothing
 * @param shares of all seats
 * @param lendable how many percent of its seats it lends
 * @param borrowable how many percent of its seats it borrows at most; empty for as many as there are
 * @param hand how many queues one flow may fill; 0 where nobody waits
 * @param queue how many requests of one flow may wait
 * @param waiting how many requests may wait in all; 0 where who finds no seat is refused
 */
record Level(
        String name,
        String uid,
        boolean exempt,
        int shares,
        int lendable,
        OptionalInt borrowable,
        int hand,
        int queue,
        int waiting) {
    private static final int USUAL_SHARES = 30;
    /** Numbers that make more than that mean that; the objects' own limits are far beneath. */
    private static final long MOST = 1_000_000;

    private static final int WIDEST = 10;
    private static final double WIDEST_PART = 0.15;

    /** Reads a PriorityLevelConfiguration. */
    static Level of(JsonNode object) {
        JsonNode spec = object.path("spec");
        if (spec.path("type").stringValue("").equals("Exempt")) {
            JsonNode exempt = spec.path("exempt");
            int shares = number(exempt, "nominalConcurrencyShares", 0);
            int lendable = number(exempt, "lendablePercent", 0);
            return new Level(Meta.name(object), Meta.uid(object), true, shares, lendable, OptionalInt.empty(), 0, 0, 0);
        }
        JsonNode limited = spec.path("limited");
        JsonNode response = limited.path("limitResponse");
        JsonNode queuing = response.path("queuing");
        boolean queues = response.path("type").stringValue("").equals("Queue");
        long length = queues ? number(queuing, "queueLengthLimit", 50) : 0;
        int hand = queues ? number(queuing, "handSize", 8) : 0;
        long all = number(queuing, "queues", 64) * length;
        return new Level(
                Meta.name(object),
                Meta.uid(object),
                false,
                number(limited, "nominalConcurrencyShares", USUAL_SHARES),
                number(limited, "lendablePercent", 0),
                limited.hasNonNull("borrowingLimitPercent")
                        ? OptionalInt.of(number(limited, "borrowingLimitPercent", 0))
                        : OptionalInt.empty(),
                hand,
                (int) Math.min(hand * length, MOST),
                (int) Math.min(all, MOST));
    }

    private static int number(JsonNode from, String field, int otherwise) {
        return (int) Math.clamp(from.path(field).longValue(otherwise), 0, MOST);
    }

    /** Between how many of {@code total} seats it may have; a level with limits is never without any. */
    Limits limits(int total, int allShares) {
        int share = allShares == 0 ? 0 : (int) Math.ceilDiv((long) total * shares, allShares);
        int nominal = exempt ? share : Math.max(1, share);
        int most = nominal + (borrowable.isPresent() ? percent(nominal, borrowable.getAsInt()) : total);
        return new Limits(nominal, nominal - percent(nominal, Math.min(lendable, 100)), most);
    }

    private static int percent(int of, int percent) {
        return (int) Math.round((double) of * percent / 100);
    }

    /**
     * How many seats one request takes at most. Source: KEP-1040, "Width of the request".
     *
     * @param nominal how many seats are the level's own
     */
    int widest(int nominal) {
        if (hand == 0) {
            return WIDEST;
        }
        int part = (int) Math.min(Math.ceil(nominal * WIDEST_PART), nominal / hand);
        return Math.clamp(part, 1, WIDEST);
    }
}
