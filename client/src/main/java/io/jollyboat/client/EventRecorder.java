package io.jollyboat.client;

import io.jollyboat.api.Api;
import io.jollyboat.api.Meta;
import io.jollyboat.api.Patch;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.Target;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.world.World;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tells users what happened to an object, as core/v1 Events. Recording never waits and never fails: a loop writes the
 * events. The same event again raises the count of the one that is there.
 *
 * <p>Limits: an object gets {@link #BURST} different events at once and then one more every {@link #REFILL_SECONDS}
 * seconds, as in client-go; what exceeds that is dropped. The last {@link #REMEMBERED} events are remembered; an older
 * one begins a new count. An event that cannot be written after {@link #TRIES} tries is dropped.
 */
public final class EventRecorder implements AutoCloseable {
    public static final int BURST = 25;
    public static final int REFILL_SECONDS = 300;
    public static final int REMEMBERED = 4096;
    public static final int TRIES = 12;
    private static final Resource EVENTS = Resources.kind("v1", "Event");

    /**
     * The object that an event is about.
     *
     * @param fieldPath the part of it, such as {@code spec.containers{web}}, or ""
     */
    public record About(
            String apiVersion,
            String kind,
            String namespace,
            String name,
            String uid,
            String resourceVersion,
            String fieldPath) {
        public static About of(ObjectNode object) {
            return new About(
                    Meta.apiVersion(object),
                    Meta.kind(object),
                    Meta.namespace(object),
                    Meta.name(object),
                    Meta.uid(object),
                    Meta.resourceVersion(object),
                    "");
        }

        public About withFieldPath(String path) {
            return new About(apiVersion, kind, namespace, name, uid, resourceVersion, path);
        }

        /** Events about cluster-scoped objects live in {@code default}. */
        private String home() {
            return namespace.isEmpty() ? "default" : namespace;
        }

        private String identity() {
            return uid.isEmpty() ? kind + "/" + namespace + "/" + name : uid;
        }
    }

    private record Happening(String identity, String fieldPath, String type, String reason, String message) {}

    /** What is known of an event: {@code written} of its {@code count} are in the API under {@code name}. */
    private static final class Tally {
        private final About about;
        private final Instant first;
        private Instant last;
        private String name = "";
        private int count;
        private int written;
        private int tries;

        Tally(About about, Instant first) {
            this.about = about;
            this.first = first;
            this.last = first;
        }
    }

    private static final class Allowance {
        private double events = BURST;
        private long since;
    }

    private final Api api;
    private final World world;
    private final String component;
    private final String host;
    private final Loop<Happening> loop;
    private final Map<Happening, Tally> tallies = new LinkedHashMap<>(); // guarded by itself
    private final Map<String, Allowance> allowances = new LinkedHashMap<>(); // guarded by tallies

    /**
     * @param component who tells, such as {@code deployment-controller}
     * @param host the node that tells, or ""
     */
    public EventRecorder(Api api, World world, String component, String host) {
        this.api = api;
        this.world = world;
        this.component = component;
        this.host = host;
        this.loop = new Loop<>(world, "events of " + component, this::write);
    }

    public void normal(About about, String reason, String message) {
        record(about, "Normal", reason, message);
    }

    public void warning(About about, String reason, String message) {
        record(about, "Warning", reason, message);
    }

    /** Writes one event that waits; false when there is none. */
    public boolean poll() throws InterruptedException {
        return loop.poll();
    }

    /** Writes events until it is closed or its task is cancelled. */
    public void run() {
        loop.run();
    }

    /** The loop that writes, for those who drive several. */
    public Loop<?> loop() {
        return loop;
    }

    @Override
    public void close() {
        loop.close();
    }

    private void record(About about, String type, String reason, String message) {
        Happening happening = new Happening(about.identity(), about.fieldPath, type, reason, message);
        synchronized (tallies) {
            if (!tallies.containsKey(happening) && !allowed(about.identity())) {
                return;
            }
            Instant now = world.now().truncatedTo(ChronoUnit.SECONDS);
            Tally tally = tallies.remove(happening);
            if (tally == null) {
                tally = new Tally(about, now);
            }
            tally.count++;
            tally.last = now;
            tallies.put(happening, tally); // at the end: the first is the one that was silent longest
            limit(tallies);
        }
        loop.add(happening);
    }

    private boolean allowed(String identity) {
        Allowance allowance = allowances.remove(identity);
        long now = world.nanoTime();
        if (allowance == null) {
            allowance = new Allowance();
        } else {
            double refill = (now - allowance.since) / (REFILL_SECONDS * 1e9);
            allowance.events = Math.min(BURST, allowance.events + refill);
        }
        allowance.since = now;
        allowances.put(identity, allowance);
        limit(allowances);
        if (allowance.events < 1) {
            return false;
        }
        allowance.events--;
        return true;
    }

    private static void limit(Map<?, ?> map) {
        if (map.size() > REMEMBERED) {
            Iterator<?> oldest = map.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    private void write(Happening happening) {
        ObjectNode event;
        String name;
        int count;
        About about;
        synchronized (tallies) {
            Tally tally = tallies.get(happening);
            if (tally == null || tally.written == tally.count) {
                return;
            }
            about = tally.about;
            name = tally.name;
            count = tally.count;
            event = name.isEmpty() ? event(happening, tally) : repetition(tally);
        }
        String result = "";
        try {
            if (name.isEmpty()) {
                result = Meta.name(api.create(EVENTS, about.home(), event, WriteOptions.by(component)));
            } else {
                Target target = Target.of(EVENTS, about.home(), name);
                result = Meta.name(api.patch(target, new Patch.Merge(event), WriteOptions.by(component)));
            }
        } catch (StatusException e) {
            if (e.is(Reason.NOT_FOUND) && !name.isEmpty()) {
                result = ""; // it has expired: begin a new one
                count = 0;
                loop.add(happening);
            } else if (mayPass(e) && tried(happening)) {
                throw e;
            }
        }
        written(happening, result, count);
    }

    private static boolean mayPass(StatusException e) {
        int code = e.failure().reason().code();
        return code >= 500 || e.is(Reason.TOO_MANY_REQUESTS);
    }

    private boolean tried(Happening happening) {
        synchronized (tallies) {
            Tally tally = tallies.get(happening);
            return tally != null && ++tally.tries < TRIES;
        }
    }

    private void written(Happening happening, String name, int count) {
        synchronized (tallies) {
            Tally tally = tallies.get(happening);
            if (tally != null) {
                tally.name = name;
                tally.written = count;
                tally.tries = 0;
            }
        }
    }

    private ObjectNode event(Happening happening, Tally tally) {
        About about = tally.about;
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        event.put("apiVersion", "v1").put("kind", "Event");
        event.putObject("metadata")
                .put("name", about.name + "." + Long.toHexString(world.random().nextLong()))
                .put("namespace", about.home());
        ObjectNode involved = event.putObject("involvedObject");
        put(involved, "kind", about.kind);
        put(involved, "namespace", about.namespace);
        put(involved, "name", about.name);
        put(involved, "uid", about.uid);
        put(involved, "apiVersion", about.apiVersion);
        put(involved, "resourceVersion", about.resourceVersion);
        put(involved, "fieldPath", about.fieldPath);
        event.put("reason", happening.reason).put("message", happening.message);
        ObjectNode source = event.putObject("source").put("component", component);
        put(source, "host", host);
        event.put("firstTimestamp", tally.first.toString());
        event.put("lastTimestamp", tally.last.toString());
        event.put("count", tally.count).put("type", happening.type);
        event.put("reportingComponent", component).put("reportingInstance", host);
        return event;
    }

    private static ObjectNode repetition(Tally tally) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("count", tally.count)
                .put("lastTimestamp", tally.last.toString());
    }

    private static void put(ObjectNode node, String field, String value) {
        if (!value.isEmpty()) {
            node.put(field, value);
        }
    }
}
