package io.jollyboat.images;

import io.jollyboat.server.http.wire.Limits;
import io.jollyboat.server.http.wire.Listener;
import io.jollyboat.world.World;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The embedded registry (OCI distribution specification 1.1): nodes pull from it before they ask anybody else, and any
 * stock client pushes to it. It listens in plain HTTP on several addresses; only what comes from loopback may write.
 */
public final class Registry implements AutoCloseable {
    private final List<Listener> listeners = new ArrayList<>();
    private final ImageStore store;
    private final RegistryHandler handler;
    private final World world;

    private Registry(ImageStore store, World world) {
        this.store = store;
        this.handler = new RegistryHandler(store);
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
            listeners.add(Listener.start(world, address, Optional.empty(), Limits.DEFAULT, handler));
        } catch (IOException e) {
            close();
            throw new ImageException(
                    "the image registry cannot listen on " + address + " (" + e.getMessage()
                            + "): stop what uses that port",
                    e);
        }
    }

    /**
     * Keeps all images of an archive; their names. What {@code POST /archives} does for other processes.
     *
     * @throws ImageException when it is no archive of images
     */
    public List<String> load(InputStream archive) {
        return new Archives(store).load(archive);
    }

    /** The names of all images. */
    public List<String> names() {
        return store.names();
    }

    /** The port of the first address. */
    public int port() {
        return listeners.getFirst().address().getPort();
    }

    @Override
    public void close() {
        listeners.forEach(Listener::close);
        listeners.clear();
    }
}
