package io.jollyboat.controllers;

import io.jollyboat.api.Api;
import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.ListOptions;
import io.jollyboat.api.Meta;
import io.jollyboat.api.Patch;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.Target;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.api.schema.BuiltInSchema;
import io.jollyboat.client.Loop;
import io.jollyboat.client.Mirror;
import io.jollyboat.server.Server;
import io.jollyboat.server.User;
import io.jollyboat.store.MemoryStore;
import io.jollyboat.world.ManualWorld;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The real server over a store in memory, the controllers, and a fake kubelet on the node {@code n1} that
 * runs Pods and lets deleted ones go. Nothing happens but by {@link #settle} or {@link #step}.
 */
final class SmallCluster {
    static final Resource POD = Resources.kind("v1", "Pod");
    static final Resource NODE = Resources.kind("v1", "Node");
    static final Resource LEASE = Resources.kind("coordination.k8s.io/v1", "Lease");
    static final Resource NAMESPACE = Resources.kind("v1", "Namespace");
    static final Resource CONFIG_MAP = Resources.kind("v1", "ConfigMap");
    static final Resource EVENT = Resources.kind("v1", "Event");
    static final Resource SERVICE = Resources.kind("v1", "Service");
    static final Resource ENDPOINTS = Resources.kind("v1", "Endpoints");
    static final Resource SLICE = Resources.kind("discovery.k8s.io/v1", "EndpointSlice");
    static final Resource DEPLOYMENT = Resources.kind("apps/v1", "Deployment");
    static final Resource REPLICA_SET = Resources.kind("apps/v1", "ReplicaSet");
    static final Resource REPLICATION_CONTROLLER = Resources.kind("v1", "ReplicationController");

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES, JsonReadFeature.ALLOW_UNQUOTED_PROPERTY_NAMES)
            .build();
    private static final Duration SOON = Duration.ofMillis(1500);
    private static final int MOST_STEPS = 200_000;

    final ManualWorld world;
    final Api api;
    /** The Api that the controllers see. */
    final RefusingApi theirs;

    Controllers controllers;
    boolean kubelet = true;
    Predicate<ObjectNode> healthy = pod -> true;

    private int addresses;

    SmallCluster(long seed) {
        world = new ManualWorld(Instant.parse("2026-01-01T00:00:00Z"), seed);
        api = Server.over(world, new MemoryStore(), BuiltInSchema.schema())
                .build()
                .as(User.component("tester"));
        theirs = new RefusingApi(api);
        create(NAMESPACE, "", "{metadata:{name:'default'}}");
        create(NAMESPACE, "", "{metadata:{name:'kube-node-lease'}}");
        node("n1", 10_000);
        controllers = new Controllers(theirs, world, CertificateAuthority.withoutKey("the certificate"));
        settle();
    }

    static ObjectNode json(String text) {
        return (ObjectNode) JSON.readTree(text);
    }

    ObjectNode create(Resource resource, String namespace, String text) {
        return api.create(resource, namespace, json(text), WriteOptions.by("tester"));
    }

    ObjectNode get(Resource resource, String name) {
        return api.get(Target.of(resource, resource.namespaced() ? "default" : "", name));
    }

    Optional<ObjectNode> find(Resource resource, String namespace, String name) {
        try {
            return Optional.of(api.get(Target.of(resource, namespace, name)));
        } catch (StatusException e) {
            if (e.is(Reason.NOT_FOUND)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    ObjectNode patch(Resource resource, String name, String text) {
        return patch(Target.of(resource, resource.namespaced() ? "default" : "", name), text);
    }

    ObjectNode patch(Target target, String text) {
        return api.patch(target, new Patch.Merge(json(text)), WriteOptions.by("tester"));
    }

    void delete(Resource resource, String name, DeleteOptions options) {
        api.delete(Target.of(resource, resource.namespaced() ? "default" : "", name), options);
    }

    List<ObjectNode> list(Resource resource) {
        return api.list(resource, "default", ListOptions.ALL).items();
    }

    /** The Pods that count. */
    List<ObjectNode> pods() {
        return list(POD).stream().filter(pod -> !Meta.isBeingDeleted(pod)).toList();
    }

    List<String> events(String reason) {
        return list(EVENT).stream()
                .filter(event -> event.path("reason").asString("").equals(reason))
                .map(event -> event.path("message").asString(""))
                .toList();
    }

    /** A status condition as {@code True Reason}, "" where there is none. */
    String condition(Resource resource, String name, String type) {
        return Condition.find(Condition.all(get(resource, name)), type)
                .map(condition -> condition.status() + " " + condition.reason())
                .orElse("");
    }

    /** A node on which no Pod finds room unless it asks for that node. */
    void node(String name) {
        node(name, 0);
    }

    private void node(String name, int room) {
        create(NODE, "", "{metadata:{name:'" + name + "'}}");
        patch(
                Target.of(NODE, "", name).withSubresource("status"),
                "{status:{allocatable:{cpu:'64',memory:'64Gi',pods:'" + room + "'},"
                        + "conditions:[{type:'Ready',status:'True',reason:'KubeletReady'}]}}");
        create(
                LEASE,
                "kube-node-lease",
                "{metadata:{name:'" + name + "'},spec:{renewTime:'2026-01-01T00:00:00.000000Z'}}");
    }

    void renew(String node) {
        patch(
                Target.of(LEASE, "kube-node-lease", node),
                "{spec:{renewTime:'2026-01-01T00:00:00."
                        + "%06d".formatted(world.random().nextInt(1_000_000)) + "Z'}}");
    }

    static String deployment(String name, int replicas, String image, String more) {
        return """
                {metadata:{name:'%s'},spec:{replicas:%d,selector:{matchLabels:{app:'%s'}},%s
                 template:{metadata:{labels:{app:'%s'}},spec:{containers:[{name:'c',image:'%s'}]}}}}
                """.formatted(name, replicas, name, more, name, image);
    }

    static String replicas(String name, int replicas, String selector) {
        return """
                {metadata:{name:'%s'},spec:{replicas:%d,selector:%s,
                 template:{metadata:{labels:{app:'%s'}},spec:{containers:[{name:'c',image:'i'}]}}}}
                """.formatted(name, replicas, selector, name);
    }

    /** Stops the controllers where they are and starts new ones, which know nothing. */
    void restart() {
        controllers.mirrors().forEach(Mirror::close);
        controllers = new Controllers(theirs, world, CertificateAuthority.withoutKey("the certificate"));
    }

    /** Lets everything happen that happens within a second or two. */
    void settle() {
        try {
            int quiet = 0;
            for (int i = 0; quiet < 2; i++) {
                if (i > MOST_STEPS) {
                    throw new AssertionError("the controllers do not come to rest");
                }
                quiet = round() ? 0 : quiet + 1;
                Optional<Duration> next = soonest();
                if (quiet > 0 && next.isPresent() && next.get().compareTo(SOON) < 0) {
                    world.advance(next.get());
                    quiet = 0;
                }
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Time goes by, in steps in which everything that is due happens. */
    void pass(Duration time, Runnable each) {
        Duration step = Duration.ofSeconds(5);
        for (Duration gone = Duration.ZERO; gone.compareTo(time) < 0; gone = gone.plus(step)) {
            world.advance(step);
            each.run();
            settle();
        }
    }

    /** One thing happens, chosen by chance. */
    void step(Random random) {
        try {
            List<Mirror<?>> mirrors = controllers.mirrors();
            List<Loop<?>> loops = controllers.readyLoops();
            int choice = random.nextInt(10);
            if (choice < 5) {
                mirrors.get(random.nextInt(mirrors.size())).poll(Duration.ZERO);
            } else if (choice < 9 && !loops.isEmpty()) {
                loops.get(random.nextInt(loops.size())).poll();
            } else if (random.nextBoolean()) {
                work(random.nextInt(3));
            } else {
                world.advance(Duration.ofMillis(random.nextInt(50)));
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private boolean round() throws InterruptedException {
        boolean busy = false;
        for (Mirror<?> mirror : controllers.mirrors()) {
            while (mirror.poll(Duration.ZERO)) {
                busy = true;
            }
        }
        for (Loop<?> loop : controllers.readyLoops()) {
            while (loop.poll()) {
                busy = true;
            }
        }
        return work(Integer.MAX_VALUE) || busy;
    }

    private Optional<Duration> soonest() {
        return controllers.readyLoops().stream()
                .flatMap(loop -> loop.untilNext().stream())
                .min(Duration::compareTo);
    }

    /** What a kubelet does, for at most so many Pods. */
    private boolean work(int limit) {
        int done = 0;
        if (kubelet) {
            for (ObjectNode pod : api.list(POD, "", ListOptions.ALL).items()) {
                if (done < limit && attend(pod)) {
                    done++;
                }
            }
        }
        return done > 0;
    }

    private boolean attend(ObjectNode pod) {
        Target target = Target.of(POD, Meta.namespace(pod), Meta.name(pod));
        String phase = pod.path("status").path("phase").asString("");
        boolean ready = Condition.find(Condition.all(pod), "Ready")
                .map(condition -> condition.is(Condition.TRUE))
                .orElse(false);
        if (!pod.path("spec").path("nodeName").asString("").equals("n1")) {
            return false;
        } else if (Meta.isBeingDeleted(pod)) {
            api.delete(target, DeleteOptions.now());
        } else if (phase.equals("Pending") || phase.equals("Running") && !ready && healthy.test(pod)) {
            String condition = healthy.test(pod) ? "True" : "False";
            String address = pod.path("status").path("podIP").asString(address());
            patch(
                    target.withSubresource("status"),
                    "{status:{phase:'Running',podIP:'" + address + "',podIPs:[{ip:'" + address
                            + "'}],conditions:[{type:'Ready',status:'" + condition + "',lastTransitionTime:'"
                            + world.now() + "'}]}}");
        } else {
            return false;
        }
        return true;
    }

    /** An address that no Pod had before. */
    private String address() {
        addresses++;
        return "10.42." + addresses / 250 + "." + (addresses % 250 + 1);
    }
}
