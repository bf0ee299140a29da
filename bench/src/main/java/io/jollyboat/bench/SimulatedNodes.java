package io.jollyboat.bench;

import io.jollyboat.world.Task;
import io.jollyboat.world.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/**
 * Nodes on which nothing runs, but which say what a kubelet says, with a kubelet's rights and as often: each registers,
 * renews its lease every 10 s, watches its own Pods, tells that they run and which addresses they have, and lets
 * deleted ones go.
 */
final class SimulatedNodes implements AutoCloseable {
    static final int ZONES = 3;

    private static final Duration HEARTBEAT = Duration.ofSeconds(10);
    private static final Duration SOON = Duration.ofMillis(200);
    private static final String LEASES = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";
    private static final int REGISTERING = 16; // at once

    private final Caller caller;
    private final World world;
    private final List<String> names;
    private final Set<String> dead = ConcurrentHashMap.newKeySet();
    private final ConcurrentLinkedQueue<Task> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicLong addresses = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private volatile boolean over;

    SimulatedNodes(Caller caller, World world, int count) {
        this.caller = caller;
        this.world = world;
        this.names = IntStream.range(0, count)
                .mapToObj(i -> String.format(Locale.ROOT, "node-%04d", i))
                .toList();
    }

    /** Registers all and begins their work. */
    void start() throws InterruptedException {
        ConcurrentLinkedQueue<String> left = new ConcurrentLinkedQueue<>(names);
        List<Task> registering = IntStream.range(0, REGISTERING)
                .mapToObj(i -> world.start("registering", () -> {
                    for (String name = left.poll(); name != null; name = left.poll()) {
                        begin(name);
                    }
                }))
                .toList();
        for (Task task : registering) {
            task.join(Duration.ofMinutes(2));
        }
    }

    private void begin(String name) {
        try {
            register(name);
            tasks.add(world.start("kubelet of " + name, () -> follow(name)));
            tasks.add(world.start("lease of " + name, () -> renew(name)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** These fall silent, as if their power failed. */
    void kill(int count) {
        dead.addAll(names.subList(0, count));
    }

    /** Those that fell silent come back. */
    void revive() {
        List<String> back = List.copyOf(dead);
        dead.clear();
        for (String name : back) {
            tasks.add(world.start("kubelet of " + name, () -> follow(name)));
            tasks.add(world.start("lease of " + name, () -> renew(name)));
        }
    }

    List<String> names() {
        return names;
    }

    /** How many calls failed that a kubelet would have tried again. */
    long failures() {
        return failures.get();
    }

    private void register(String name) throws InterruptedException {
        int zone = Integer.parseInt(name.substring(name.length() - 4)) % ZONES;
        caller.call(name, "POST", "POST", "/api/v1/nodes", "", """
                {"apiVersion":"v1","kind":"Node","metadata":{"name":"%1$s","labels":{"kubernetes.io/hostname":"%1$s",
                 "topology.kubernetes.io/zone":"zone-%2$d"}},
                 "status":{"capacity":%3$s,"allocatable":%3$s,"conditions":[
                 {"type":"Ready","status":"True","reason":"KubeletReady","lastHeartbeatTime":"%4$s"}]}}
                """.formatted(
                        name, zone, "{\"cpu\":\"8\",\"memory\":\"32Gi\",\"pods\":\"110\"}", seconds()));
        caller.call(name, "POST", "POST", LEASES, "", lease(name, ""));
    }

    private String lease(String name, String version) {
        return """
                {"apiVersion":"coordination.k8s.io/v1","kind":"Lease","metadata":{"name":"%1$s","namespace":"kube-node-lease"%2$s},
                 "spec":{"holderIdentity":"%1$s","leaseDurationSeconds":40,"renewTime":"%3$s.%4$06dZ"}}
                """.formatted(
                        name,
                        version.isEmpty() ? "" : ",\"resourceVersion\":\"" + version + "\"",
                        seconds().replace("Z", ""),
                        world.now().getNano() / 1_000);
    }

    private String seconds() {
        return world.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private void renew(String name) {
        try {
            String version = caller.get(LEASES + "/" + name)
                    .path("metadata")
                    .path("resourceVersion")
                    .asString("");
            world.sleep(Duration.ofMillis(world.random().nextLong(HEARTBEAT.toMillis())));
            while (!over && !dead.contains(name)) {
                JsonNode renewed = caller.call(name, "PUT", "PUT", LEASES + "/" + name, "", lease(name, version));
                version = renewed.path("metadata").path("resourceVersion").asString("");
                world.sleep(HEARTBEAT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Follows the node's Pods; a watch that breaks off begins anew with all that there is. */
    private void follow(String name) {
        String path = "/api/v1/pods?watch=1&fieldSelector=spec.nodeName%3D" + name;
        while (!over && !dead.contains(name)) {
            try {
                caller.watch(name, path, event -> {
                    if (!over && !dead.contains(name)) {
                        attend(name, event);
                    }
                    return !over && !dead.contains(name);
                });
            } catch (IOException | UncheckedIOException | Caller.Refused e) {
                failures.incrementAndGet();
                try {
                    world.sleep(SOON);
                } catch (InterruptedException i) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
    }

    private void attend(String name, JsonNode event) {
        JsonNode pod = event.path("object");
        JsonNode metadata = pod.path("metadata");
        if (event.path("type").asString("").equals("DELETED")) {
            return;
        }
        String path = "/api/v1/namespaces/" + metadata.path("namespace").asString("") + "/pods/"
                + metadata.path("name").asString("");
        try {
            if (metadata.has("deletionTimestamp")) {
                caller.call(
                        name,
                        "DELETE",
                        "DELETE",
                        path,
                        "",
                        "{\"gracePeriodSeconds\":0,\"preconditions\":{\"uid\":\""
                                + metadata.path("uid").asString("") + "\"}}");
            } else if (!pod.path("status").path("phase").asString("").equals("Running")) {
                caller.call(name, "PATCH", "PATCH", path + "/status", Caller.STRATEGIC, running());
            }
        } catch (Caller.Refused e) {
            if (e.code() != 404 && e.code() != 409) {
                failures.incrementAndGet();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String running() {
        long number = addresses.incrementAndGet();
        String address = "10." + (64 + (number >> 16 & 63)) + "." + (number >> 8 & 255) + "." + (number & 255);
        return """
                {"status":{"phase":"Running","hostIP":"10.41.0.1","podIP":"%1$s","podIPs":[{"ip":"%1$s"}],"startTime":"%2$s","conditions":[
                 {"type":"Initialized","status":"True","lastTransitionTime":"%2$s"},{"type":"Ready","status":"True","lastTransitionTime":"%2$s"},
                 {"type":"ContainersReady","status":"True","lastTransitionTime":"%2$s"}],
                 "containerStatuses":[{"name":"main","ready":true,"started":true,"restartCount":0,"image":"example.org/bench:1","imageID":"example.org/bench@sha256:0",
                 "containerID":"simulated://%3$d","state":{"running":{"startedAt":"%2$s"}}}]}}
                """.formatted(address, seconds(), number);
    }

    @Override
    public void close() {
        over = true;
        tasks.forEach(Task::cancel);
    }
}
