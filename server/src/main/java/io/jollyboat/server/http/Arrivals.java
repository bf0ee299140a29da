package io.jollyboat.server.http;

import io.jollyboat.api.StatusException;
import io.jollyboat.server.User;
import io.jollyboat.server.http.wire.Peer;
import io.jollyboat.server.http.wire.Request;
import io.jollyboat.server.measures.Histogram;
import io.jollyboat.server.measures.Measure;
import io.jollyboat.world.World;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Finds who sent each request, and counts that, under Kubernetes' names. */
final class Arrivals {
    private static final double[] STEPS = Histogram.growing(0.001, 2, 15);
    private static final double[] LIFETIMES = {
        0, 1800, 3600, 7200, 21600, 43200, 86400, 172800, 345600, 604800, 2592000, 7776000, 15552000, 31104000
    };

    /** The only names that are counted by themselves: all others would be too many. */
    private static final Set<String> NAMES =
            Set.of("admin", "client", "kube_proxy", "kubelet", "system:serviceaccount:kube-system:default");

    private final World world;
    private final Identities identities;
    private final Map<String, Histogram> results = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> users = new ConcurrentHashMap<>();
    private final Histogram lifetimes = new Histogram(LIFETIMES);

    Arrivals(World world, Identities identities) {
        this.world = world;
        this.identities = identities;
    }

    /** @throws StatusException as {@link Identities#find} */
    Optional<Identities.Who> find(Request request) {
        long start = world.nanoTime();
        String result = "failure";
        try {
            Optional<Identities.Who> who = identities.find(request);
            result = "success";
            String name = who.map(Identities.Who::real).map(User::name).orElse("");
            users.computeIfAbsent(counted(name), n -> new LongAdder()).increment();
            lifetime(request.peer());
            return who;
        } finally {
            results.computeIfAbsent(result, r -> new Histogram(STEPS)).add(Duration.ofNanos(world.nanoTime() - start));
        }
    }

    private void lifetime(Peer peer) {
        if (peer.trusted() && !peer.certificates().isEmpty()) {
            long left = peer.certificates().getFirst().getNotAfter().getTime()
                    - world.now().toEpochMilli();
            lifetimes.add(left / 1e3);
        }
    }

    private static String counted(String name) {
        return NAMES.contains(name) ? name : name.contains("@") ? "email_id" : "other";
    }

    List<Measure> measures() {
        return List.of(
                Measure.counters(
                        "authenticated_user_requests",
                        "Requests whose sender is known.",
                        users,
                        name -> "username=\"" + name + "\"",
                        LongAdder::sum),
                Measure.counters(
                        "authentication_attempts",
                        "Requests whose sender was looked for.",
                        results,
                        Arrivals::result,
                        Histogram::count),
                Measure.histograms(
                        "authentication_duration_seconds",
                        "How long that took.",
                        results,
                        Arrivals::result,
                        one -> one),
                Measure.histograms(
                        "apiserver_client_certificate_expiration_seconds",
                        "How long the certificates of clients are still good.",
                        Map.of("", lifetimes),
                        none -> none,
                        one -> one));
    }

    private static String result(String result) {
        return "result=\"" + result + "\"";
    }
}
