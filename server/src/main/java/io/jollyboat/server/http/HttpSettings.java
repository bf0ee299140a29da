package io.jollyboat.server.http;

import io.jollyboat.server.http.wire.Limits;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What may be set of the face.
 *
 * @param address to listen on; port 0 lets the system choose
 * @param limits what a client may ask of the wire
 * @param requests answered at once, watches and other streams not counted: the seats of {@code turns.Turns}
 * @param watchAtLeast how long a watch lasts that names no time: between this and twice as long, by chance
 * @param gitVersion what {@code /version} says; major and minor follow from it
 * @param auditLog the file into which each answer is written; empty for none
 */
public record HttpSettings(
        InetSocketAddress address,
        Limits limits,
        int requests,
        Duration watchAtLeast,
        String gitVersion,
        Optional<Path> auditLog) {
    /** Kubernetes' limits of reading and of changing requests, taken together. */
    private static final int REQUESTS = 400 + 200;

    /** On the loopback address. */
    public static HttpSettings onPort(int port) {
        return at(new InetSocketAddress("127.0.0.1", port));
    }

    public static HttpSettings at(InetSocketAddress address) {
        return new HttpSettings(
                address, Limits.DEFAULT, REQUESTS, Duration.ofMinutes(30), "v1.35.0+jollyboat", Optional.empty());
    }

    public HttpSettings withLimits(Limits limits) {
        return new HttpSettings(address, limits, requests, watchAtLeast, gitVersion, auditLog);
    }

    public HttpSettings withRequests(int requests) {
        return new HttpSettings(address, limits, requests, watchAtLeast, gitVersion, auditLog);
    }

    public HttpSettings withAuditLog(Path file) {
        return new HttpSettings(address, limits, requests, watchAtLeast, gitVersion, Optional.of(file));
    }
}
