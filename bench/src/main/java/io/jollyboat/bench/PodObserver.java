package io.jollyboat.bench;

import io.jollyboat.world.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Watches all Pods as any client could, and notes when each was first seen, bound and running. */
final class PodObserver {
    private static final class Seen {
        private final long created;
        private long bound;
        private long running;

        Seen(long created) {
            this.created = created;
        }
    }

    /**
     * What was seen since it was asked last.
     *
     * @param seconds from the first Pod seen to the last one bound
     * @param started from a Pod's being seen to its running
     */
    record Figures(int bound, double seconds, Sample placed, Sample started) {
        double boundPerSecond() {
            return seconds == 0 ? 0 : bound / seconds;
        }
    }

    private final Caller caller;
    private final World world;
    private Map<String, Seen> pods = new HashMap<>(); // by uid; this and below guarded by this
    private int present;
    private int running;
    private volatile boolean over;

    PodObserver(Caller caller, World world) {
        this.caller = caller;
        this.world = world;
    }

    /** Follows the Pods until the connection ends. */
    void follow() {
        try {
            caller.watch(Caller.ADMINISTRATOR, "/api/v1/pods?watch=1", event -> {
                take(event.path("type").asString(""), event.path("object"));
                return true;
            });
        } catch (IOException e) {
            if (!over) {
                throw new UncheckedIOException("the watch of all Pods broke off", e);
            }
        }
    }

    void end() {
        over = true;
    }

    private synchronized void take(String type, JsonNode pod) {
        String uid = pod.path("metadata").path("uid").asString("");
        long now = world.nanoTime();
        if (type.equals("DELETED")) {
            present--;
            running -= runs(pod) ? 1 : 0;
            return;
        }
        if (type.equals("ADDED")) {
            present++;
            pods.put(uid, new Seen(now));
        }
        Seen seen = pods.get(uid);
        boolean runs = runs(pod);
        if (seen == null) {
            return;
        }
        if (seen.bound == 0 && pod.path("spec").has("nodeName")) {
            seen.bound = now;
        }
        if (seen.running == 0 && runs) {
            seen.running = now;
            running++;
        }
    }

    private static boolean runs(JsonNode pod) {
        return pod.path("status").path("phase").asString("").equals("Running");
    }

    synchronized int present() {
        return present;
    }

    synchronized int running() {
        return running;
    }

    synchronized Figures take() {
        Sample placed = new Sample();
        Sample started = new Sample();
        long first = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        int bound = 0;
        Map<String, Seen> left = new HashMap<>();
        for (Map.Entry<String, Seen> entry : pods.entrySet()) {
            Seen seen = entry.getValue();
            if (seen.bound != 0) {
                bound++;
                first = Math.min(first, seen.created);
                last = Math.max(last, seen.bound);
                placed.add(seen.bound - seen.created);
            }
            if (seen.running != 0) {
                started.add(seen.running - seen.created);
            } else {
                left.put(entry.getKey(), seen);
            }
        }
        pods = left;
        return new Figures(bound, bound == 0 ? 0 : (last - first) / 1e9, placed, started);
    }
}
