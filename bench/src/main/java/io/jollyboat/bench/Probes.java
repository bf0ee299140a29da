package io.jollyboat.bench;

import io.jollyboat.world.World;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/** A client that asks now and then what any client may ask, to see how long it waits while others are busy. */
final class Probes {
    static final String CONTAINER = """
            {"name":"main","image":"example.org/bench:1","ports":[{"containerPort":8080}],
             "env":[{"name":"MODE","value":"bench"}],"resources":{"requests":{"cpu":"10m","memory":"16Mi"}}}""";

    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final int BETWEEN_WHOLE_LISTS = 100; // rounds

    private final Caller caller;
    private final World world;
    private final int namespaces;
    private final AtomicLong failures = new AtomicLong();
    private volatile boolean over;

    Probes(Caller caller, World world, int namespaces) {
        this.caller = caller;
        this.world = world;
        this.namespaces = namespaces;
    }

    static String namespace(int i) {
        return String.format(Locale.ROOT, "bench-%02d", i);
    }

    void end() {
        over = true;
    }

    long failures() {
        return failures.get();
    }

    /** Asks until its end. */
    void run() {
        try {
            for (int round = 0; !over; round++) {
                world.sleep(PAUSE);
                attempt(round);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void attempt(int round) throws InterruptedException {
        try {
            round(round);
        } catch (Caller.Refused e) {
            failures.addAndGet(e.code() == 404 ? 0 : 1); // 404: the namespaces are not there yet
        }
    }

    private void round(int round) throws InterruptedException {
        String maps = "/api/v1/namespaces/default/configmaps";
        String name = maps + "/probe-" + round;
        administer("POST", "POST", maps, """
                {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"probe-%d"},"data":{"a":"b"}}""".formatted(round));
        administer("GET", "GET", name, "");
        administer("PATCH", "PATCH", name, "{\"data\":{\"a\":\"c\"}}");
        administer("DELETE", "DELETE", name, "");
        String pods = "/api/v1/namespaces/" + namespace(round % namespaces) + "/pods";
        if (round % BETWEEN_WHOLE_LISTS == BETWEEN_WHOLE_LISTS - 1) {
            administer("LIST all Pods", "GET", "/api/v1/pods", "");
        } else if (round % namespaces == 0) {
            administer("LIST a namespace's Pods", "GET", pods, "");
        } else {
            administer("LIST 100 Pods", "GET", pods + "?limit=100", "");
        }
    }

    private void administer(String verb, String method, String path, String body) throws InterruptedException {
        caller.call(Caller.ADMINISTRATOR, verb, method, path, method.equals("PATCH") ? Caller.MERGE : "", body);
    }
}
