package io.jollyboat.server.http.turns;

/** One request that asks for seats: compared by identity, for a flow may ask the same many times. */
final class Ticket {
    private final String flow;
    private final int width;

    /**
     * @param flow who asks
     * @param width how many seats it takes: more than one for what is a lot of work
     */
    Ticket(String flow, int width) {
        this.flow = flow;
        this.width = width;
    }

    String flow() {
        return flow;
    }

    int width() {
        return width;
    }
}
