package io.jollyboat.server.http.turns;

/**
 * How many seats the requests of a priority level want, those that have theirs and those that wait, over some time. It
 * knows no clock: it is told when what happened. Not safe for several threads.
 */
final class Demand {
    private static final double SECOND = 1e9;

    private int wanted;
    private int most;
    private long since;
    private long changed;
    private double sum; // of seats times seconds
    private double squares;

    Demand(long nanos) {
        since = nanos;
        changed = nanos;
    }

    /**
     * What was seen in some time.
     *
     * @param seconds how long
     * @param most the highest number of seats
     * @param average of the number of seats, weighed by time
     * @param deviation the standard deviation from it
     */
    record Seen(double seconds, int most, double average, double deviation) {}

    /** So many seats are wanted from now on. */
    void set(int seats, long nanos) {
        pass(nanos);
        wanted = seats;
        most = Math.max(most, seats);
    }

    /** What was seen since the last time that somebody asked. */
    Seen seen(long nanos) {
        pass(nanos);
        double seconds = (nanos - since) / SECOND;
        double average = seconds > 0 ? sum / seconds : 0;
        double variance = seconds > 0 ? squares / seconds - average * average : 0;
        Seen seen = new Seen(seconds, most, average, Math.sqrt(Math.max(0, variance)));
        since = nanos;
        most = wanted;
        sum = 0;
        squares = 0;
        return seen;
    }

    private void pass(long nanos) {
        double seconds = Math.max(0, nanos - changed) / SECOND;
        sum += wanted * seconds;
        squares += (double) wanted * wanted * seconds;
        changed = nanos;
    }
}
