package io.jollyboat.server.http.turns;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The seats of one priority level, and who waits for them. It decides and nothing else: it knows no clock and no thread,
 * and is not safe for several of them.
 *
 * <p>Each flow has a queue of its own. The next free seat goes to the flow that has the fewest seats at that moment, of
 * several the one that was served longest ago. So every flow gets the same number of seats at the same time, as far as it
 * has use for them, however many requests another one brings, and however long they take. Example, four seats:
 * <pre>
 *     noisy brings 100 requests     noisy has 4 seats, 96 wait
 *     quiet brings 1                it waits, the first in the order: 0 seats against 4
 *     noisy ends one                quiet has 1 seat, noisy 3
 * </pre>
 * Who needs several seats waits until so many are free, and nobody goes past: else small requests could keep a large one
 * waiting for ever.
 */
final class Seats {
    private static final Comparator<Queue> FAIREST =
            Comparator.<Queue>comparingInt(q -> q.taken).thenComparingLong(q -> q.served);

    /** As many as nobody ever asks for. */
    static final int NO_LIMIT = 1 << 30;

    private int all;
    private int longestQueue;
    private int mostWaiting;
    private final Map<String, Queue> flows = new HashMap<>();
    private final TreeSet<Queue> hungry = new TreeSet<>(FAIREST); // those in which somebody waits
    private final Map<Ticket, Integer> seated = new IdentityHashMap<>(); // and how many seats each has
    private int free; // less than none while more are taken than there are since
    private int waiting;
    private int wanted; // seats, by those who wait
    private long turns; // counts, so that no two queues were served at the same

    /**
     * @param all how many seats there are
     * @param longestQueue how many requests of one flow may wait
     * @param mostWaiting how many may wait in all
     */
    Seats(int all, int longestQueue, int mostWaiting) {
        this.all = all;
        this.free = all;
        this.longestQueue = longestQueue;
        this.mostWaiting = mostWaiting;
    }

    /** What one flow has and wants. */
    private static final class Queue {
        private final Deque<Ticket> tickets = new ArrayDeque<>();
        private int taken;
        private long served;
    }

    /** What becomes of a request that comes. */
    enum Place {
        /** It may begin. */
        SEAT,
        /** Its ticket will be among those that {@link #leave} returns. */
        QUEUE,
        /** It is refused, and nothing remains of it. */
        NONE
    }

    Place arrive(Ticket ticket) {
        Queue queue = flows.computeIfAbsent(ticket.flow(), flow -> newcomer());
        boolean alone = hungry.isEmpty() && width(ticket) <= free;
        if (!alone && (queue.tickets.size() >= longestQueue || waiting >= mostWaiting)) {
            forget(ticket.flow(), queue);
            return Place.NONE;
        }
        hungry.remove(queue);
        queue.tickets.add(ticket);
        hungry.add(queue);
        waiting++;
        wanted += ticket.width();
        return seatNext().contains(ticket) ? Place.SEAT : Place.QUEUE;
    }

    private Queue newcomer() {
        Queue queue = new Queue();
        queue.served = ++turns;
        return queue;
    }

    /**
     * A request has come to its end, or does not want to wait any longer.
     *
     * @return who may begin now
     */
    List<Ticket> leave(Ticket ticket) {
        Queue queue = flows.get(ticket.flow());
        if (queue == null) {
            return List.of();
        }
        hungry.remove(queue);
        Integer taken = seated.remove(ticket);
        if (taken != null) {
            queue.taken -= taken;
            free += taken;
        } else if (queue.tickets.remove(ticket)) {
            waiting--;
            wanted -= ticket.width();
        }
        if (!queue.tickets.isEmpty()) {
            hungry.add(queue);
        }
        forget(ticket.flow(), queue);
        return seatNext();
    }

    /**
     * There are more or fewer seats from now on, and more or fewer may wait; whoever has a seat or waits already, stays.
     *
     * @return who may begin now
     */
    List<Ticket> change(int seats, int queue, int waiting) {
        free += seats - all;
        all = seats;
        longestQueue = queue;
        mostWaiting = waiting;
        return seatNext();
    }

    private void forget(String flow, Queue queue) {
        if (queue.tickets.isEmpty() && queue.taken == 0) {
            flows.remove(flow);
        }
    }

    private List<Ticket> seatNext() {
        List<Ticket> begin = new ArrayList<>();
        while (!hungry.isEmpty() && width(hungry.first().tickets.element()) <= free) {
            Queue queue = hungry.pollFirst();
            Ticket ticket = queue.tickets.remove();
            int width = width(ticket);
            waiting--;
            wanted -= ticket.width();
            queue.taken += width;
            queue.served = ++turns;
            free -= width;
            seated.put(ticket, width);
            begin.add(ticket);
            if (!queue.tickets.isEmpty()) {
                hungry.add(queue);
            }
        }
        return begin;
    }

    /** Nobody takes more than there is. */
    private int width(Ticket ticket) {
        return Math.min(ticket.width(), all);
    }

    int all() {
        return all;
    }

    /** Whether anybody may wait. */
    boolean queues() {
        return mostWaiting > 0;
    }

    int taken() {
        return all - free;
    }

    int waiting() {
        return waiting;
    }

    /** How many seats would be taken if there were enough. */
    int demand() {
        return taken() + wanted;
    }

    /** How many flows it remembers: those that have a seat or wait for one. */
    int flows() {
        return flows.size();
    }
}
