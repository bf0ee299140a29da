package io.jollyboat.bench;

import io.jollyboat.api.Api;
import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.Patch;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.Target;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.api.schema.BuiltInSchema;
import io.jollyboat.controllers.CertificateAuthority;
import io.jollyboat.controllers.Controllers;
import io.jollyboat.server.Server;
import io.jollyboat.store.LogStore;
import io.jollyboat.world.Task;
import io.jollyboat.world.World;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Server, store on disk and all controllers in this process, as a cluster has them, and one node that does not exist:
 * its Pods are told to run and have addresses because this class says so.
 */
final class SimulatedCluster implements AutoCloseable {
    static final Resource POD = Resources.kind("v1", "Pod");
    static final Resource SERVICE = Resources.kind("v1", "Service");
    static final WriteOptions BY = WriteOptions.by("bench");

    private static final String NODE_NAME = "bench";
    private static final Resource NODE = Resources.kind("v1", "Node");
    private static final Resource NAMESPACE = Resources.kind("v1", "Namespace");
    private static final Resource LEASE = Resources.kind("coordination.k8s.io/v1", "Lease");
    private static final Duration HEARTBEAT = Duration.ofSeconds(10);
    private static final JsonMapper JSON = JsonMapper.shared();

    private final World world;
    private final Api api;
    private final Deque<AutoCloseable> started = new ArrayDeque<>();

    SimulatedCluster(Path folder, World world) {
        this.world = world;
        LogStore store = LogStore.open(folder, world);
        started.push(store);
        Server server = Server.over(world, store, BuiltInSchema.schema()).build();
        started.push(server.start()::cancel);
        api = server.internal();
        Controllers controllers = new Controllers(api, world, CertificateAuthority.withoutKey(""));
        controllers.start();
        started.push(controllers);
        create(NAMESPACE, "", "{'metadata': {'name': 'bench'}}");
        create(NODE, "", "{'metadata': {'name': '%s'}}".formatted(NODE_NAME));
        Task heart = world.start("heart of the node", this::beat);
        started.push(heart::cancel);
    }

    Api api() {
        return api;
    }

    /** Says every now and then that the node lives, or its Pods would be taken for lost. */
    private void beat() {
        Target lease = Target.of(LEASE, "kube-node-lease", NODE_NAME);
        create(
                LEASE,
                "kube-node-lease",
                "{'metadata': {'name': '%s'}, 'spec': {'holderIdentity': '%1$s'}}".formatted(NODE_NAME));
        try {
            while (true) {
                api.patch(lease, patch("{'spec': {'renewTime': '%s'}}".formatted(micros())), BY);
                api.patch(
                        Target.of(NODE, "", NODE_NAME).withSubresource("status"),
                        patch("{'status': {'conditions': [{'type': 'Ready', 'status': 'True', 'reason': 'Bench'}]}}"),
                        BY);
                world.sleep(HEARTBEAT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the end
        }
    }

    private String micros() {
        return world.now()
                .truncatedTo(java.time.temporal.ChronoUnit.SECONDS)
                .toString()
                .replace("Z", ".000000Z");
    }

    /** Makes an object in the namespace {@code bench} or another; single quotes stand for double ones. */
    ObjectNode create(Resource resource, String namespace, String object) {
        ObjectNode full = read(object).put("apiVersion", resource.apiVersion()).put("kind", resource.kind());
        return api.create(resource, namespace, full, BY);
    }

    /** Makes a ready Pod with a label and an address. */
    void createPod(String name, String app, String address) {
        create(
                POD,
                "bench",
                "{'metadata': {'name': '%s', 'labels': {'app': '%s'}}, 'spec': {'nodeName': '%s', 'containers': [{'name': 'c', 'image': 'i'}]}}"
                        .formatted(name, app, NODE_NAME));
        api.patch(pod(name).withSubresource("status"), patch("""
                {'status': {'phase': 'Running', 'podIP': '%1$s', 'podIPs': [{'ip': '%1$s'}], 'conditions':
                 [{'type': 'Ready', 'status': 'True'}, {'type': 'ContainersReady', 'status': 'True'}]}}
                """.formatted(address)), BY);
    }

    static Target pod(String name) {
        return Target.of(POD, "bench", name);
    }

    /** As {@code kubectl delete pod}: the Pod is told to end. */
    void delete(String pod) {
        api.delete(pod(pod), DeleteOptions.DEFAULT);
    }

    /** As the node does when all containers have ended. */
    void remove(String pod) {
        try {
            api.delete(pod(pod), DeleteOptions.now());
        } catch (StatusException e) {
            if (!e.is(StatusException.Reason.NOT_FOUND)) {
                throw e;
            }
        }
    }

    private static Patch patch(String merge) {
        return new Patch.Merge(read(merge));
    }

    private static ObjectNode read(String text) {
        return (ObjectNode) JSON.readTree(text.replace('\'', '"'));
    }

    @Override
    public void close() {
        while (!started.isEmpty()) {
            try {
                started.pop().close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
