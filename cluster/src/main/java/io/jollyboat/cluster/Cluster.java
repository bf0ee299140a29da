package io.jollyboat.cluster;

import io.jollyboat.api.Api;
import io.jollyboat.api.Resources;
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
import io.jollyboat.world.Task;
import io.jollyboat.world.World;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A whole cluster in this process: what is started, in which order, and stopped in the reverse one.
 *
 * <pre>
 * certificates ─ store ─ server
 *                            ├─ registry       images
 *                            ├─ HTTPS          the API answers from here on
 *                            ├─ controllers, scheduler
 *                            ├─ Services       proxy and DNS on each node, load balancers
 * nodes: network, containerd ┴─ agents         containers
 * </pre>
 */
public final class Cluster implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Cluster.class.getName());
    private static final String RELEASE = "v1.35.0";
    private static final String ADMINISTRATOR = "kubernetes-admin";
    private static final String MASTERS = "system:masters";
    private static final String LOOPBACK = "127.0.0.1";
    private static final Duration UPKEEP_END = Duration.ofSeconds(5);

    private final Settings settings;
    private final Folders folders;
    private final World world;
    private final Deque<AutoCloseable> started = new ConcurrentLinkedDeque<>();
    private final LocalNodes nodes;
    private boolean listening; // guarded by this
    private final CountDownLatch ended = new CountDownLatch(1);
    private @Nullable Inside inside;

    /** The ways into the cluster for this process: what others reach over HTTP. */
    private record Inside(Api api, Registry registry) {}

    private Cluster(Settings settings, Folders folders, World world, Function<NodeSettings, Ground.Maker> ground) {
        this.settings = settings;
        this.folders = folders;
        this.world = world;
        AgentSettings agent = AgentSettings.of(settings.dnsAddress(), settings.domain(), RELEASE);
        Map<String, Ground.Maker> makers = new LinkedHashMap<>();
        Nodes.all(settings, folders).forEach(node -> makers.put(node.node(), ground.apply(node)));
        this.nodes = new LocalNodes(makers, agent, world);
    }

    /**
     * Starts everything; returns when the API answers, while the nodes may still be coming up.
     *
     * @throws ClusterException when something of it cannot start; what was started before is stopped again
     */
    public static Cluster start(Settings settings, Folders folders, World world) {
        Cluster cluster = new Cluster(settings, folders, world, node -> Ground.nested(node, world));
        cluster.startOrClose(List.of(settings.hostAddress()));
        return cluster;
    }

    /** As {@link #start}, but with nodes that only pretend to run Pods: they need no root rights. */
    public static Cluster rehearse(Settings settings, Folders folders, World world) {
        Cluster cluster = new Cluster(settings, folders, world, Ground::pretended);
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
        nodes.start();
        Certificates certificates = new Certificates(folders.certificates(), world);
        Store store = LogStore.open(folders.store(), world);
        started.push(store);
        Certificates.Identity signer = certificates.tokenSigner();
        AccessControl access =
                new AccessControl(world, signer.key(), signer.certificate().getPublicKey());
        Server server = server(store, access);
        Face face = face(server, access, certificates);
        Registry registry = registry(); // first: who finds the API finds the images too
        started.push(registry);
        nodes.announce(server.internal());
        started.push(openPort(LOOPBACK, face));
        WholeFiles.writeReadable(folders.processId(), ProcessHandle.current().pid() + "\n");
        LOG.log(
                System.Logger.Level.INFO,
                "API on https://{0}:{1} after {2} ms",
                LOOPBACK,
                Integer.toString(settings.apiPort()),
                Duration.ofNanos(world.nanoTime() - begin).toMillis());
        completeRoles(server);
        inside = new Inside(server.internal(), registry);
        Controllers controllers = new Controllers(
                server.internal(),
                world,
                new SigningAuthority(
                        world,
                        certificates.authority().key(),
                        certificates.authority().certificate()));
        controllers.start();
        started.push(controllers);
        started.push(ControlSocket.open(folders.control(), nodes, world));
        if (nodeLinks.isEmpty()) {
            nodes.serve(server.internal(), host -> LocalNode.Presence.NONE);
            return;
        }
        ServiceNetwork services = ServiceNetwork.start(settings, server.internal(), world);
        started.push(services);
        nodes.serve(server.internal(), host -> {
            listen(nodeLinks, registry, face);
            return services.join(host);
        });
    }

    /** Once the first node has made the host's end of a link, which is the same for all. */
    private synchronized void listen(List<String> nodeLinks, Registry registry, Face face) {
        if (!listening) {
            listening = true;
            for (String address : nodeLinks) {
                registry.listen(new InetSocketAddress(address, settings.registryPort()));
                started.push(openPort(address, face));
            }
        }
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
                        .withServiceCidrs(AddressPlan.here(settings).serviceNetworks())
                        .withClusterDomain(settings.domain())
                        .withDnsAddress(settings.dnsAddress())
                        .withAdvertised(List.of(settings.hostAddress()), settings.apiPort()))
                .build();
        Task upkeep = server.start();
        started.push(() -> {
            upkeep.cancel();
            upkeep.join(UPKEEP_END);
        });
        return server;
    }

    /** As in Kubernetes when the API answers already: a first start shall not wait for more than a hundred writes. */
    private void completeRoles(Server server) {
        Task task = world.start("default roles", () -> {
            try {
                Roles.reconcile(server.internal());
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.ERROR, "default roles are not complete until the next start", e);
            }
        });
        started.push(() -> {
            task.cancel();
            task.join(UPKEEP_END);
        });
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
                new PodStreams(PodStreams.places(server.internal()), nodes::streams));
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

    /** The API for this process; it may do everything. */
    public Api api() {
        return inside().api();
    }

    /**
     * Brings images into the registry; their names.
     *
     * @param archive an OCI layout in a tar, or of {@code docker save}
     */
    public List<String> loadImages(InputStream archive) {
        try {
            return inside().registry().load(archive);
        } catch (ImageException e) {
            throw told(e);
        }
    }

    /** The images in the registry. */
    public List<String> images() {
        return inside().registry().names();
    }

    private Inside inside() {
        return Objects.requireNonNull(inside, "a cluster that was started has all of it");
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
    public static void stopNodes(String name, Folders folders, World world) {
        tell(() -> Nodes.each(Nodes.remaining(name, folders), world, node -> NestedNode.stop(node, world)));
    }

    /** Whether anything of a cluster is on this machine, a half of one perhaps. */
    public static boolean remains(String name, Folders folders) {
        return Files.exists(folders.root()) || Nodes.remain(name, folders);
    }

    /** Removes all that a cluster has on this machine but the kubeconfig's context. Works over any remains. */
    public static void delete(String name, Folders folders, World world) {
        tell(() -> {
            Nodes.each(Nodes.remaining(name, folders), world, node -> NestedNode.delete(node, world));
            io.jollyboat.node.host.Folders.delete(folders.root());
        });
    }

    /** Waits until {@link #close} has stopped everything. */
    public void awaitEnd() throws InterruptedException {
        ended.await();
    }

    @Override
    public void close() {
        closeQuietly(nodes);
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
