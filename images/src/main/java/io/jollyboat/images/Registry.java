package io.jollyboat.images;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.jollyboat.world.World;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * The embedded registry (OCI distribution specification 1.1): nodes pull from it before they ask anybody else, and any
 * stock client pushes to it. It listens in plain HTTP on several addresses; only what comes from loopback may write.
 *
 * <p>The JDK's own small HTTP server carries it: registry traffic is a few large transfers.
 */
public final class Registry implements AutoCloseable {
    private static final int BACKLOG = 64;

    private final List<HttpServer> servers = new ArrayList<>();
    private final ImageStore store;
    private final World world;

    private Registry(ImageStore store, World world) {
        this.store = store;
        this.world = world;
    }

    /**
     * Starts on every address.
     *
     * @throws ImageException when an address is taken
     */
    public static Registry start(ImageStore store, World world, InetSocketAddress... addresses) {
        Registry registry = new Registry(store, world);
        for (InetSocketAddress address : addresses) {
            registry.listen(address);
        }
        return registry;
    }

    /** Begins to listen on one more address (a node's link that came up later). */
    public void listen(InetSocketAddress address) {
        try {
            HttpServer server = HttpServer.create(address, BACKLOG);
            RegistryHandler handler = new RegistryHandler(store);
            server.setExecutor(task -> world.start("registry", task));
            server.createContext("/", exchange -> handle(handler, exchange));
            server.start();
            servers.add(server);
        } catch (IOException e) {
            close();
            throw new ImageException(
                    "the image registry cannot listen on " + address + " (" + e.getMessage()
                            + "): stop what uses that port",
                    e);
        }
    }

    private static void handle(RegistryHandler handler, HttpExchange exchange) throws IOException {
        try (exchange) {
            try {
                handler.handle(exchange);
            } catch (ImageException e) {
                RegistryHandler.error(exchange, 400, "UNSUPPORTED", String.valueOf(e.getMessage()));
            }
        }
    }

    /** The port of the first address. */
    public int port() {
        return servers.getFirst().getAddress().getPort();
    }

    @Override
    public void close() {
        servers.forEach(server -> server.stop(0));
        servers.clear();
    }
}
