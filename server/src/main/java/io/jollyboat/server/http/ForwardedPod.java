package io.jollyboat.server.http;

import io.jollyboat.api.Api;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.Streams;
import io.jollyboat.api.Target;
import io.jollyboat.world.World;
import java.io.IOException;
import java.nio.channels.ByteChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.databind.node.ObjectNode;

/**
 * The Pod that a port-forward leads to. kubectl turns a Deployment or a Service into one Pod before it asks for the
 * forward, so only here can the forward go on when that Pod goes: new connections are then led to a {@link Kin} of it,
 * and it stays with that one. Connections under way end with their Pod.
 *
 * <p>A Pod goes when it is deleted, terminates or has ended; one that is merely not ready keeps its forward, for who looks
 * for the reason wants to reach it. While no kin is ready a connection waits for one, but not for long. The user is led
 * only to Pods that he could name himself.
 */
final class ForwardedPod {
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Duration STEP = Duration.ofMillis(100);
    private static final Resource PODS = Resources.kind("v1", "Pod");
    private static final System.Logger LOG = System.getLogger(ForwardedPod.class.getName());

    private final World world;
    private final Api api;
    private final Streams streams;
    private final Predicate<Target> allowed;
    private final Optional<Kin> kin;
    private volatile Bound bound;

    /** @param uid "" where the user may not read the Pod: then it is all there is */
    private record Bound(Target pod, String uid) {}

    /**
     * @param api with the rights of the user, as {@code allowed} tells those to forward ports
     * @param pod that the user named
     */
    ForwardedPod(World world, Api api, Streams streams, Predicate<Target> allowed, Target pod) {
        this.world = world;
        this.api = api;
        this.streams = streams;
        this.allowed = allowed;
        Optional<ObjectNode> object = read(pod);
        this.kin = object.map(found -> Kin.of(api, found));
        this.bound = new Bound(pod, object.map(Kin::uid).orElse(""));
    }

    /**
     * Opens a connection to a port.
     *
     * @throws IOException when nothing listens there
     * @throws StatusException in the API's words when there is no Pod any more
     */
    ByteChannel dial(int port) throws IOException {
        Bound now = bound;
        if (kin.isEmpty() || read(now.pod).filter(pod -> serves(pod, now)).isPresent()) {
            return streams.dial(now.pod, port);
        }
        return streams.dial(successor(now).orElse(now).pod, port);
    }

    private Optional<ObjectNode> read(Target pod) {
        try {
            return Optional.of(api.get(pod));
        } catch (StatusException e) {
            if (e.is(Reason.NOT_FOUND) || e.is(Reason.FORBIDDEN)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static boolean serves(ObjectNode pod, Bound bound) {
        return Kin.uid(pod).equals(bound.uid) && !Kin.isGoing(pod);
    }

    /** Who takes over, waiting for somebody as long as it makes sense; afterwards the forward is his. */
    private Optional<Bound> successor(Bound gone) {
        long end = world.nanoTime() + PATIENCE.toNanos();
        try {
            while (true) {
                Optional<Bound> found = kin.flatMap(family -> family.successor(api, gone.pod, allowed))
                        .map(pod -> new Bound(Target.of(PODS, gone.pod.namespace(), Kin.name(pod)), Kin.uid(pod)));
                if (found.isPresent()) {
                    bound = found.get();
                    LOG.log(
                            System.Logger.Level.INFO,
                            "{0}: its port-forward goes on with {1}",
                            gone.pod,
                            found.get().pod);
                    return found;
                }
                boolean hopeless = kin.filter(Kin::replaced).isEmpty();
                if (hopeless || world.nanoTime() - end > 0) {
                    return Optional.empty();
                }
                world.sleep(STEP);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
