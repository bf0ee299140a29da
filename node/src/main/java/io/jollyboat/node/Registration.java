package io.jollyboat.node;

import io.jollyboat.api.Api;
import io.jollyboat.api.Patch;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.Target;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.node.cri.Cri;
import io.jollyboat.node.cri.CriException;
import io.jollyboat.world.World;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Keeps the Node object and its Lease: made at the start, renewed every ten seconds. */
final class Registration {
    static final Duration PERIOD = Duration.ofSeconds(10);
    static final int LEASE_SECONDS = 40;

    /** The status is written at least this often, and when something in it changes. */
    private static final Duration STATUS_PERIOD = Duration.ofMinutes(5);

    private static final Duration CALL_LIMIT = Duration.ofSeconds(5);
    private static final Duration RETRY = Duration.ofMillis(500);
    private static final System.Logger LOG = System.getLogger(Registration.class.getName());
    private static final Resource NODE = Resources.kind("v1", "Node");
    private static final Resource LEASE = Resources.kind("coordination.k8s.io/v1", "Lease");
    private static final WriteOptions BY = WriteOptions.by("kubelet");

    private final Api api;
    private final World world;
    private final Cri cri;
    private final NodeHost host;
    private final NodeObject node;
    private final BooleanSupplier diskPressure;
    private String written = "";
    private long writtenAt;

    Registration(Api api, World world, Cri cri, NodeHost host, NodeObject node, BooleanSupplier diskPressure) {
        this.api = api;
        this.world = world;
        this.cri = cri;
        this.host = host;
        this.node = node;
        this.diskPressure = diskPressure;
    }

    /**
     * Makes the Node of a machine that is coming up, where there is none: from then on it can be asked and waited for.
     * Nothing is bound to it before {@link #step} has said what it can bear.
     */
    static void announce(Api api, String name, AgentSettings settings) {
        try {
            api.create(NODE, "", NodeObject.announced(name, settings), BY);
        } catch (StatusException e) {
            if (!e.is(Reason.ALREADY_EXISTS)) {
                throw e;
            }
        }
    }

    /** The body of the task. */
    void run() {
        boolean good = true;
        try {
            while (true) {
                good = tried(good);
                world.sleep(good ? PERIOD : RETRY);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Steps once; whether it went well. What goes wrong after it went well is logged. */
    private boolean tried(boolean before) {
        try {
            step();
            return true;
        } catch (StatusException e) {
            if (before) {
                LOG.log(System.Logger.Level.WARNING, "{0}: cannot keep the Node: {1}", host.name(), e.getMessage());
            }
            return false;
        }
    }

    /** Registers where need be, and renews. */
    void step() {
        ObjectNode object = registered();
        String runtime = "";
        Optional<String> notReady;
        try {
            runtime = cri.version(CALL_LIMIT);
            notReady = cri.notReady();
        } catch (CriException e) {
            notReady = Optional.of("container runtime is down");
            runtime = object.path("status")
                    .path("nodeInfo")
                    .path("containerRuntimeVersion")
                    .stringValue("");
        }
        ObjectNode status =
                node.status(object.path("status"), runtime, notReady, diskPressure.getAsBoolean(), world.now());
        String facts = status.toString().replaceAll("\"lastHeartbeatTime\":\"[^\"]*\",", "");
        if (!facts.equals(written) || world.nanoTime() - writtenAt > STATUS_PERIOD.toNanos()) {
            ObjectNode patch = JsonNodeFactory.instance.objectNode();
            patch.set("status", status);
            // The list's merge key is the type, which two addresses of one node may share: they replace it as a whole.
            status.withArray("addresses").addObject().put("$patch", "replace");
            Target target = Target.of(NODE, "", host.name());
            api.patch(target.withSubresource("status"), new Patch.Strategic(patch), BY);
            written = facts;
            writtenAt = world.nanoTime();
        }
        lease(object);
    }

    private ObjectNode registered() {
        Target target = Target.of(NODE, "", host.name());
        ObjectNode object;
        try {
            object = api.get(target);
        } catch (StatusException e) {
            if (!e.is(Reason.NOT_FOUND)) {
                throw e;
            }
            LOG.log(System.Logger.Level.INFO, "{0}: registered", host.name());
            return api.create(NODE, "", node.object(), BY);
        }
        ObjectNode labels = node.labels();
        boolean missing = labels.properties().stream()
                .anyMatch(label -> !label.getValue()
                        .equals(object.path("metadata").path("labels").path(label.getKey())));
        if (missing || object.path("spec").path("podCIDR").stringValue("").isEmpty()) {
            ObjectNode patch = JsonNodeFactory.instance.objectNode();
            patch.putObject("metadata").set("labels", labels);
            patch.set("spec", node.spec());
            return api.patch(target, new Patch.Merge(patch), BY);
        }
        return object;
    }

    private void lease(ObjectNode owner) {
        Target target = Target.of(LEASE, "kube-node-lease", host.name());
        String now = micros(world.now());
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        patch.putObject("spec").put("renewTime", now).put("holderIdentity", host.name());
        try {
            api.patch(target, new Patch.Merge(patch), BY);
        } catch (StatusException e) {
            if (!e.is(Reason.NOT_FOUND)) {
                throw e;
            }
            ObjectNode lease = JsonNodeFactory.instance.objectNode();
            lease.put("apiVersion", "coordination.k8s.io/v1").put("kind", "Lease");
            ObjectNode metadata = lease.putObject("metadata");
            metadata.put("name", host.name()).put("namespace", "kube-node-lease");
            metadata.putArray("ownerReferences")
                    .addObject()
                    .put("apiVersion", "v1")
                    .put("kind", "Node")
                    .put("name", host.name())
                    .put("uid", owner.path("metadata").path("uid").stringValue(""));
            lease.putObject("spec")
                    .put("holderIdentity", host.name())
                    .put("leaseDurationSeconds", LEASE_SECONDS)
                    .put("renewTime", now);
            api.create(LEASE, "kube-node-lease", lease, BY);
        }
    }

    /** Leases count in microseconds, always with six digits. */
    private static String micros(Instant now) {
        Instant second = now.truncatedTo(ChronoUnit.SECONDS);
        long micros = Duration.between(second, now).toNanos() / 1000;
        return second.toString().replace("Z", ".%06dZ".formatted(micros));
    }
}
