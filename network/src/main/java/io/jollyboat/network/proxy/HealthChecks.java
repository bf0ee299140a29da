package io.jollyboat.network.proxy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.jollyboat.client.Key;
import io.jollyboat.linux.NetworkNamespace;
import io.jollyboat.network.Endpoint;
import io.jollyboat.network.Route;
import io.jollyboat.network.Service;
import io.jollyboat.network.ServiceTable;
import io.jollyboat.world.World;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Tells load balancers whether this node has endpoints of a Service whose external traffic policy is Local: over HTTP
 * at the Service's health check node port, 200 when it has and 503 when not (the API reference, Service v1,
 * healthCheckNodePort). One thread uses it.
 */
final class HealthChecks implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(HealthChecks.class.getName());

    private final World world;
    private final ProxySettings settings;
    private final NetworkNamespace namespace;
    private final Map<Key, Check> checks = new HashMap<>();

    /** The servers of one Service, and what they answer. */
    private static final class Check {
        private final int port;
        private final List<HttpServer> servers = new ArrayList<>();
        private volatile Answer answer;

        Check(int port, Answer answer) {
            this.port = port;
            this.answer = answer;
        }
    }

    /** What is answered about a Service. */
    record Answer(Key service, int localEndpoints) {
        int status() {
            return localEndpoints > 0 ? 200 : 503;
        }

        /** Names need no escapes: they are DNS labels. */
        String body() {
            return """
                    {"service": {"namespace": "%s", "name": "%s"}, "localEndpoints": %d, "serviceProxyHealthy": true}
                    """.formatted(service.namespace(), service.name(), localEndpoints);
        }
    }

    HealthChecks(World world, ProxySettings settings, NetworkNamespace namespace) {
        this.world = world;
        this.settings = settings;
        this.namespace = namespace;
    }

    /** Answers for all Services of the table, and for no others. */
    void followAll(ServiceTable table) {
        Set<Key> gone = new HashSet<>(checks.keySet());
        table.all().forEach(route -> {
            gone.remove(route.key());
            follow(route.key(), Optional.of(route));
        });
        gone.forEach(service -> follow(service, Optional.empty()));
    }

    /** Answers for a Service as its row now is. */
    void follow(Key service, Optional<Route> route) {
        int port = route.map(Route::service)
                .filter(Service::externalLocal)
                .map(Service::healthCheckNodePort)
                .orElse(0);
        Check check = checks.get(service);
        if (check != null && check.port != port) {
            check.servers.forEach(server -> server.stop(0));
            checks.remove(service);
            check = null;
        }
        if (port == 0 || route.isEmpty()) {
            return;
        }
        Answer answer = answer(route.get());
        if (check == null) {
            checks.put(service, listen(port, answer));
        } else {
            check.answer = answer;
        }
    }

    Answer answer(Route route) {
        List<Endpoint> local = route.endpoints().stream()
                .filter(endpoint -> endpoint.ready() && endpoint.node().equals(settings.node()))
                .toList();
        return new Answer(route.key(), Math.max(addresses(local, false), addresses(local, true)));
    }

    /** Of one family: a Pod with an address of each is one endpoint. */
    private static int addresses(List<Endpoint> endpoints, boolean ipv6) {
        return (int) endpoints.stream()
                .filter(endpoint -> endpoint.isIpv6() == ipv6)
                .map(Endpoint::address)
                .distinct()
                .count();
    }

    @Override
    public void close() {
        checks.values().forEach(check -> check.servers.forEach(server -> server.stop(0)));
        checks.clear();
    }

    private Check listen(int port, Answer answer) {
        Check check = new Check(port, answer);
        for (String address : settings.nodeAddresses()) {
            try {
                HttpServer server = namespace.call(() -> HttpServer.create(new InetSocketAddress(address, port), 0));
                server.createContext("/", exchange -> reply(exchange, check.answer));
                server.setExecutor(task -> world.start("health check " + port, task));
                server.start();
                check.servers.add(server);
            } catch (Exception e) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "{0}: cannot answer health checks at {1}:{2}: {3}",
                        answer.service(),
                        address,
                        String.valueOf(port),
                        e.toString());
            }
        }
        return check;
    }

    private static void reply(HttpExchange exchange, Answer answer) throws IOException {
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
        exchange.getResponseHeaders()
                .set("X-Load-Balancing-Endpoint-Weight", Integer.toString(answer.localEndpoints()));
        exchange.sendResponseHeaders(answer.status(), body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }
}
