package io.jollyboat.controllers;

import io.jollyboat.api.Api;
import io.jollyboat.api.Resource;
import io.jollyboat.api.StatusException;
import io.jollyboat.client.Controller;
import io.jollyboat.client.EventRecorder;
import io.jollyboat.client.Loop;
import io.jollyboat.client.Mirror;
import io.jollyboat.controllers.scheduler.Scheduler;
import io.jollyboat.world.Task;
import io.jollyboat.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * All controllers, the scheduler among them, over one {@link Api}, with the mirrors that they share. Starting reads everything once and then
 * works; closing stops it for good. Who becomes leader makes new ones, who ceases to be closes them.
 */
public final class Controllers implements AutoCloseable {
    /** Who writes, in managedFields, as users know it from Kubernetes. */
    static final String FIELD_MANAGER = "kube-controller-manager";

    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

    private final World world;
    private final Set<Mirror<?>> mirrors = new LinkedHashSet<>();
    private final List<Controller> all;
    private final List<Task> tasks = new ArrayList<>();

    /**
     * @param authority its certificate is shown by each {@link Authority}; it signs what was approved
     */
    public Controllers(Api api, World world, CertificateAuthority authority) {
        this.world = world;
        Mirrors m = new Mirrors(api, world);
        this.all = List.of(
                new DeploymentController(api, world, m.deployments, m.replicaSets, m.pods),
                new ReplicaSetController(api, world, m.replicaSets, m.pods, "replicaset-controller"),
                new ReplicaSetController(api, world, m.replicationControllers, m.pods, "replication-controller"),
                new GarbageCollector(api, world, m.owned()),
                new NamespaceController(api, world, m.namespaces, m.owned()),
                new QuotaController(api, world, m.owned()),
                ServiceAccountController.controller(api, world, m.namespaces, m.serviceAccounts),
                AuthorityPublisher.controller(api, world, m.namespaces, Authority.SERVER, authority.certificate()),
                AuthorityPublisher.controller(api, world, m.namespaces, Authority.CLIENTS, authority.certificate()),
                new DisruptionController(api, world, m),
                new PodCollector(api, world, m.pods, m.nodes, PodCollector.KEPT),
                new NodeController(api, world, m.nodes, m.leases, m.pods),
                new TaintEviction(api, world, m.pods, m.nodes),
                new EndpointSliceController(api, world, m.services, m.pods, m.nodes, m.slices),
                new EndpointsController(api, world, m.services, m.pods, m.endpoints),
                new EndpointSliceMirroringController(api, world, m.endpoints, m.services, m.slices),
                new TokenSecretController(api, world, m.tokenSecrets, m.serviceAccounts, authority.certificate()),
                new CertificateController(api, world, m.signingRequests, authority),
                new ClusterRoleAggregationController(api, world, m.clusterRoles),
                ProtectionController.ofClaims(api, world, m.claims, m.pods),
                ProtectionController.ofVolumes(api, world, m.volumes),
                ProtectionController.ofAttributesClasses(api, world, m.attributesClasses, m.claims, m.volumes),
                new EventExpiry(api, world, m.events),
                new Scheduler(api, world));
        all.forEach(controller -> mirrors.addAll(controller.reads()));
    }

    /** Starts mirrors, and each controller as soon as the mirrors that it reads show everything. */
    public void start() {
        for (Mirror<?> mirror : mirrors) {
            tasks.add(world.start("mirror of " + mirror.resource(), mirror::run));
        }
        for (Controller controller : all) {
            for (Loop<?> loop : controller.loops()) {
                tasks.add(world.start(loop.name(), () -> run(controller, loop)));
            }
        }
    }

    /** Stops the controllers, then the mirrors, and waits for what they are doing, at most ten seconds for each. */
    @Override
    public void close() {
        all.forEach(controller -> controller.loops().forEach(Loop::close));
        mirrors.forEach(Mirror::close);
        try {
            for (Task task : tasks) {
                if (!task.join(STOP_LIMIT)) {
                    task.cancel();
                }
            }
        } catch (InterruptedException e) {
            tasks.forEach(Task::cancel);
            Thread.currentThread().interrupt();
        }
    }

    private static void run(Controller controller, Loop<?> loop) {
        try {
            for (Mirror<?> mirror : controller.reads()) {
                mirror.awaitSynced();
            }
            loop.run();
        } catch (InterruptedException e) {
            loop.close();
        }
    }

    /** The mirrors, for tests that decide which of them learns something next. */
    List<Mirror<?>> mirrors() {
        return List.copyOf(mirrors);
    }

    /** The loops that may work now, for tests that decide which of them does. */
    List<Loop<?>> readyLoops() {
        return all.stream()
                .filter(controller -> controller.reads().stream().allMatch(Mirror::synced))
                .<Loop<?>>flatMap(controller -> controller.loops().stream())
                .toList();
    }

    /** Whether a creation was refused because its namespace is going: nothing to complain about. */
    static boolean namespaceTerminates(StatusException e) {
        return e.failure().causes().stream().anyMatch(cause -> cause.reason().equals("NamespaceTerminating"));
    }

    static EventRecorder.About about(Resource kind, Metadata object, String resourceVersion) {
        return new EventRecorder.About(
                kind.apiVersion(),
                kind.kind(),
                object.key().namespace(),
                object.key().name(),
                object.uid(),
                resourceVersion,
                "");
    }
}
