package io.jollyboat.server.http;

import io.jollyboat.api.Streams;
import io.jollyboat.server.http.turns.Turns;
import io.jollyboat.server.http.wire.Listener;
import io.jollyboat.server.http.wire.Tls;
import io.jollyboat.server.measures.Measure;
import io.jollyboat.world.Task;
import io.jollyboat.world.World;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** The server's open port. */
public final class HttpServer implements AutoCloseable {
    private final Listener listener;
    private final Task lending;

    private HttpServer(Listener listener, Task lending) {
        this.listener = listener;
        this.lending = lending;
    }

    /**
     * What the face needs of others.
     *
     * @param documents the OpenAPI documents
     * @param streams logs, exec, attach and port-forward of every Pod, on whichever node it runs
     */
    public record Parts(Backend backend, Authenticator authenticator, Documents documents, Streams streams) {
        /** Without nodes. */
        public Parts(Backend backend, Authenticator authenticator, Documents documents) {
            this(backend, authenticator, documents, new NoStreams());
        }

        /** Without OpenAPI and nodes. */
        public static Parts plain(Backend backend, Authenticator authenticator) {
            return new Parts(backend, authenticator, Documents.none(), new NoStreams());
        }
    }

    /**
     * Opens the port.
     *
     * @param tls empty for plain HTTP
     * @throws IOException when the address is taken or not ours
     */
    public static HttpServer start(World world, HttpSettings settings, Optional<Tls> tls, Parts parts)
            throws IOException {
        Forms forms = new Forms(world);
        Answers answers = new Answers(forms);
        Metrics metrics = new Metrics();
        Arrivals arrivals = new Arrivals(world, new Identities(parts.authenticator(), parts.backend()));
        Optional<Audit> audit = settings.auditLog().map(file -> new Audit(world, file));
        ProcessMeasures process = new ProcessMeasures(world);
        Turns turns = new Turns(settings.requests(), Turns.PATIENCE, parts.backend()::fairness, world::nanoTime);
        AtomicReference<Listener> open = new AtomicReference<>();
        DiscoveryCalls discovery = new DiscoveryCalls(parts.backend(), answers);
        Pages pages = new Pages(
                parts.backend(),
                answers,
                settings.gitVersion(),
                () -> discovery.discovery().paths(),
                () -> Optional.ofNullable(open.get()).map(Listener::stopping).orElse(false));
        OpenApiCalls openApi = new OpenApiCalls(world, parts.documents());
        WatchStream watches = new WatchStream(world, forms, settings.watchAtLeast(), metrics::event);
        Map<String, ResourceCalls.StreamingCall> streaming =
                new HashMap<>(new StreamCalls(world, parts.backend(), parts.streams()).routes());
        streaming.putAll(new ProxyCalls(world, parts.backend(), parts.streams()).routes());
        ResourceCalls resources = new ResourceCalls(parts.backend(), answers, watches, streaming);
        MetricsPage counters = new MetricsPage(
                parts.backend(),
                List.of(
                        metrics::measures,
                        turns::measures,
                        arrivals::measures,
                        parts.backend()::measures,
                        () -> Audit.measures(audit),
                        process::measures,
                        () -> own(settings, open)));
        Face face = new Face(
                world,
                parts.backend(),
                arrivals,
                answers,
                metrics,
                audit,
                turns,
                Face.routes(
                        pages,
                        discovery,
                        openApi,
                        counters::answer,
                        new IssuerPages(parts.authenticator())::answer,
                        resources));
        Listener listener = Listener.start(world, settings.address(), tls, settings.limits(), face);
        open.set(listener);
        return new HttpServer(listener, world.start("seats are lent", () -> lend(world, turns)));
    }

    private static List<Measure> own(HttpSettings settings, AtomicReference<Listener> open) {
        int connections =
                Optional.ofNullable(open.get()).map(Listener::connections).orElse(0);
        return List.of(
                build(settings.gitVersion()),
                Measure.gauge("apiserver_connections", "Connections that are open.", connections));
    }

    /** Which version this is, so that a dashboard can tell where there are several. */
    private static Measure build(String gitVersion) {
        String[] numbers = gitVersion.replaceFirst("^v", "").split("\\.", 3);
        return Measure.gauges(
                "kubernetes_build_info",
                "The version, as labels.",
                Map.of(gitVersion, 1),
                version -> "compiler=\"javac\",git_version=\"%s\",major=\"%s\",minor=\"%s\",platform=\"%s\""
                        .formatted(version, numbers[0], numbers[1], Pages.PLATFORM),
                one -> one);
    }

    private static void lend(World world, Turns turns) {
        try {
            while (true) {
                world.sleep(Turns.LENDING);
                turns.lend();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the server has ended
        }
    }

    public int port() {
        return listener.address().getPort();
    }

    public InetSocketAddress address() {
        return listener.address();
    }

    /** Ends watches and streams, lets other requests come to their end for a moment, closes the port. */
    @Override
    public void close() {
        lending.cancel();
        listener.close();
    }
}
