package io.jollyboat.cluster;

import io.jollyboat.api.Resources;
import io.jollyboat.api.Streams;
import io.jollyboat.api.schema.BuiltInSchema;
import io.jollyboat.controllers.Controllers;
import io.jollyboat.images.ImageException;
import io.jollyboat.images.ImageStore;
import io.jollyboat.images.Registry;
import io.jollyboat.linux.LinuxException;
import io.jollyboat.node.AgentSettings;
import io.jollyboat.node.NodeException;
import io.jollyboat.node.host.NestedNode;
import io.jollyboat.node.host.NodeSettings;
import io.jollyboat.server.Server;
import io.jollyboat.server.access.AccessControl;
import io.jollyboat.server.access.Roles;
import io.jollyboat.server.http.Backend;
import io.jollyboat.server.http.Documents;
import io.jollyboat.server.http.HttpServer;
import io.jollyboat.server.http.HttpSettings;
import io.jollyboat.server.http.wire.Tls;
import io.jollyboat.store.LogStore;
import io.jollyboat.store.Store;
import io.jollyboat.store.StoreException;
import io.jollyboat.world.World;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A whole cluster in this process: what is started, in which order, and stopped in the reverse one.
 *
 * <pre>
 * certificates ─ store ─ server ─ HTTPS        the API answers from here on
 *                            ├─ registry       images
 *                            ├─ controllers, scheduler
 * node: network, containerd ─┴─ agent          containers
 * </pre>
 */
public final class Cluster implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Cluster.class.getName());
    private static final String RELEASE = "v1.35.0";
    private static final String ADMINISTRATOR = "kubernetes-admin";
    private static final String MASTERS = "system:masters";
    private static final String LOOPBACK = "127.0.0.1";

    private final Settings settings;
    private final Folders folders;
    private final World world;
    private final Deque<AutoCloseable> started = new ConcurrentLinkedDeque<>();
    private final LocalNode node;
    private final CountDownLatch ended = new CountDownLatch(1);

    private Cluster(Settings settings, Folders folders, World world, Ground.Maker ground) {
        this.settings = settings;
        this.folders = folders;
        this.world = world;
        AgentSettings agent = AgentSettings.of(settings.dnsAddress(), settings.domain(), RELEASE);
        this.node = new LocalNode(settings.name(), ground, agent, world);
    }

    /**
     * Starts everything; returns when the API answers, while the node may still be coming up.
     *
     * @throws ClusterException when something of it cannot start; what was started before is stopped again
     */
    public static Cluster start(Settings settings, Folders folders, World world) {
        Cluster cluster =
                new Cluster(settings, folders, world, () -> Ground.nested(Nodes.settings(settings, folders), world));
        cluster.startOrClose(List.of(settings.hostAddress()));
        return cluster;
    }

    /** As {@link #start}, but with a node that only pretends to run Pods: it needs no root rights. */
    public static Cluster rehearse(Settings settings, Folders folders, World world) {
        Cluster cluster =
                new Cluster(settings, folders, world, () -> Ground.pretended(Nodes.settings(settings, folders)));
        cluster.startOrClose(List.of());
        return cluster;
    }

    /** @param nodeLinks the host's addresses towards its nodes: images and the API are to be had there too */
    private void startOrClose(List<String> nodeLinks) {
        try {
            startAll(nodeLinks);
        } catch (RuntimeException e) {
            close();
            throw told(e);
        }
    }

    /** What a module beneath says of the machine is said again as ours; whatever else is thrown is a bug. */
    private static RuntimeException told(RuntimeException e) {
        return switch (e) {
            case StoreException s -> new ClusterException(String.valueOf(s.getMessage()), s);
            case ImageException i -> new ClusterException(String.valueOf(i.getMessage()), i);
            case NodeException n -> new ClusterException(String.valueOf(n.getMessage()), n);
            case LinuxException l -> new ClusterException(String.valueOf(l.getMessage()), l);
            default -> e;
        };
    }

    private static void tell(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            throw told(e);
        }
    }

    private void startAll(List<String> nodeLinks) {
        long begin = world.nanoTime();
        node.start();
        Certificates certificates = new Certificates(folders.certificates(), world);
        Store store = LogStore.open(folders.store(), world);
        started.push(store);
        Certificates.Identity signer = certificates.tokenSigner();
        AccessControl access =
                new AccessControl(world, signer.key(), signer.certificate().getPublicKey());
        Server server = server(store, access);
        Face face = face(server, access, certificates);
        started.push(openPort(LOOPBACK, face));
        WholeFiles.writeReadable(folders.processId(), ProcessHandle.current().pid() + "\n");
        LOG.log(
                System.Logger.Level.INFO,
                "API on https://{0}:{1} after {2} ms",
                LOOPBACK,
                Integer.toString(settings.apiPort()),
                Duration.ofNanos(world.nanoTime() - begin).toMillis());
        Registry registry = registry();
        started.push(registry);
        Controllers controllers = new Controllers(
                server.internal(), world, certificates.authority().certificatePem());
        controllers.start();
        started.push(controllers);
        AtomicBoolean listening = new AtomicBoolean();
        node.serve(server.internal(), host -> {
            if (!nodeLinks.isEmpty() && listening.compareAndSet(false, true)) {
                for (String address : nodeLinks) {
                    registry.listen(new InetSocketAddress(address, settings.registryPort()));
                    started.push(openPort(address, face));
                }
            }
            if (!nodeLinks.isEmpty()) {
                started.push(ServiceNetwork.start(settings, host, server.internal(), world));
            }
        });
    }

    private Registry registry() {
        try {
            return Registry.start(
                    new ImageStore(folders.images()), world, new InetSocketAddress(LOOPBACK, settings.registryPort()));
        } catch (ImageException e) {
            throw new ClusterException(String.valueOf(e.getMessage()), e);
        }
    }

    private Server server(Store store, AccessControl access) {
        Server server = access.install(Server.over(world, store, BuiltInSchema.schema()))
                .settings(io.jollyboat.server.Settings.DEFAULT
                        .withServiceCidr(settings.serviceNetwork())
                        .withClusterDomain(settings.domain())
                        .withDnsAddress(settings.dnsAddress())
                        .withAdvertised(List.of(settings.hostAddress()), settings.apiPort()))
                .build();
        started.push(server.start()::cancel);
        Roles.create(server.internal());
        return server;
    }

    /** What answers on the API's port, wherever that is opened. */
    private record Face(HttpServer.Parts parts, Tls tls) {}

    private Face face(Server server, AccessControl access, Certificates certificates) {
        Certificates.Identity own = serverIdentity(settings, certificates);
        X509Certificate authority = certificates.authority().certificate();
        Tls tls = new Tls(List.of(own.certificate(), authority), own.key(), List.of(authority));
        Backend backend = Backend.of(server, Resources::builtIn, Map.of());
        HttpServer.Parts parts = new HttpServer.Parts(
                backend,
                access.authenticator(server),
                Documents.of(new io.jollyboat.api.openapi.Documents(Resources.builtIn(), RELEASE)),
                new LateStreams(this::streams));
        return new Face(parts, tls);
    }

    private HttpServer openPort(String address, Face face) {
        HttpSettings http = HttpSettings.at(new InetSocketAddress(address, settings.apiPort()));
        try {
            return HttpServer.start(world, http, Optional.of(face.tls()), face.parts());
        } catch (IOException e) {
            throw new ClusterException(
                    "the API's port %d on %s cannot be opened (%s): stop what uses it, or make the cluster with another --api-port"
                            .formatted(settings.apiPort(), address, e.getMessage()),
                    e);
        }
    }

    private Optional<Streams> streams() {
        return node.streams();
    }

    private static Certificates.Identity serverIdentity(Settings settings, Certificates certificates) {
        String zone = settings.domain();
        return certificates.server(
                List.of(LOOPBACK, "::1", settings.hostAddress(), settings.kubernetesAddress()),
                List.of(
                        "localhost",
                        "kubernetes",
                        "kubernetes.default",
                        "kubernetes.default.svc",
                        "kubernetes.default.svc." + zone));
    }

    /** The administrator's way in, for a kubeconfig. */
    public static Kubeconfig.Access administrator(Settings settings, Folders folders, World world) {
        Certificates certificates = new Certificates(folders.certificates(), world);
        Certificates.Identity administrator = certificates.client("administrator", ADMINISTRATOR, MASTERS);
        return Kubeconfig.Access.of(
                "https://" + LOOPBACK + ":" + settings.apiPort(),
                certificates.authority().certificatePem(),
                administrator.certificatePem(),
                administrator.keyForClients());
    }

    /** Stops the nodes' containers and networks, which outlive the server; for {@code down}. */
    public static void stopNodes(Settings settings, Folders folders, World world) {
        tell(() -> NestedNode.stop(Nodes.settings(settings, folders), world));
    }

    /** Whether anything of a cluster is on this machine, a half of one perhaps. */
    public static boolean remains(String name, Folders folders) {
        NodeSettings node = Nodes.settings(Settings.named(name), folders);
        return Files.exists(folders.root()) || Files.exists(node.runFolder()) || Files.exists(node.namespaceFile());
    }

    /**
     * Stops what runs of a cluster whose settings were lost, so that it can be started with new ones; its other data
     * stays.
     */
    public static void stopRemains(String name, Folders folders, World world) {
        stopNodes(Settings.named(name), folders, world);
    }

    /** Removes all that a cluster has on this machine but the kubeconfig's context. Works over any remains. */
    public static void delete(String name, Folders folders, World world) {
        // What a node has here bears names that its settings do not change: damaged ones are no hindrance.
        tell(() -> {
            NestedNode.delete(Nodes.settings(Settings.named(name), folders), world);
            io.jollyboat.node.host.Folders.delete(folders.root());
        });
    }

    /** Waits until {@link #close} has stopped everything. */
    public void awaitEnd() throws InterruptedException {
        ended.await();
    }

    @Override
    public void close() {
        closeQuietly(node);
        while (!started.isEmpty()) {
            closeQuietly(started.pop());
        }
        deleteQuietly(folders.processId());
        ended.countDown();
    }

    private static void closeQuietly(AutoCloseable one) {
        try {
            one.close();
        } catch (Exception e) {
            LOG.log(System.Logger.Level.WARNING, "while stopping: {0}", e.toString());
        }
    }

    private static void deleteQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "{0} cannot be removed: {1}", file, e.toString());
        }
    }
}
