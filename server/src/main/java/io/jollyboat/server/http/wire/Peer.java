package io.jollyboat.server.http.wire;

import java.security.cert.X509Certificate;
import java.util.List;

/**
 * What a client showed of itself when the connection was made.
 *
 * @param certificates its chain, its own first; empty when it showed none
 * @param trusted whether the chain leads to one of the server's client authorities and is valid now
 */
public record Peer(List<X509Certificate> certificates, boolean trusted) {
    public static final Peer UNKNOWN = new Peer(List.of(), false);

    public Peer {
        certificates = List.copyOf(certificates);
    }
}
