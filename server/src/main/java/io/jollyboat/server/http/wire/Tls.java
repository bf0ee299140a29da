package io.jollyboat.server.http.wire;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Who the server is, and whose certificates it believes. A client's certificate is asked for and never demanded; one
 * that leads to no authority does not break the connection but is told apart in {@link Peer}, so that the client gets
 * an answer that it understands.
 *
 * @param chain the server's certificates, its own first
 * @param clientAuthorities who may sign clients' certificates; with none, none are asked for
 */
public record Tls(List<X509Certificate> chain, PrivateKey key, List<X509Certificate> clientAuthorities) {
    /** The most wanted first; a client that offers none of them is taken to speak the last. */
    static final List<String> PROTOCOLS = List.of("h2", "http/1.1");

    private static final int SESSIONS = 1000;

    public Tls {
        chain = List.copyOf(chain);
        clientAuthorities = List.copyOf(clientAuthorities);
    }

    /**
     * What engines are made of. The JDK's own class is used, not Netty's: that one reads all authorities of the world
     * first, which would take longer than all the rest of the start.
     */
    SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    new KeyManager[] {new OneKey(this)}, new TrustManager[] {new Anybody(clientAuthorities)}, null);
            context.getServerSessionContext().setSessionCacheSize(SESSIONS);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK's TLS cannot be set up: " + e.getMessage(), e);
        }
    }

    /** The server's end of one connection. */
    SSLEngine engine(SSLContext context) {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        engine.setEnabledProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        engine.setWantClientAuth(!clientAuthorities.isEmpty());
        engine.setHandshakeApplicationProtocolSelector((e, offered) ->
                PROTOCOLS.stream().filter(offered::contains).findFirst().orElse(""));
        return engine;
    }

    /** Reads from a finished handshake who is at the other end. */
    Peer peer(SSLSession session) {
        try {
            List<X509Certificate> certificates = Arrays.stream(session.getPeerCertificates())
                    .map(X509Certificate.class::cast)
                    .toList();
            return new Peer(certificates, trusts(certificates));
        } catch (SSLPeerUnverifiedException e) {
            return Peer.UNKNOWN;
        }
    }

    private boolean trusts(List<X509Certificate> certificates) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (int i = 0; i < clientAuthorities.size(); i++) {
                store.setCertificateEntry("authority" + i, clientAuthorities.get(i));
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            X509Certificate[] array = certificates.toArray(X509Certificate[]::new);
            String algorithm = array[0].getPublicKey().getAlgorithm();
            ((X509TrustManager) factory.getTrustManagers()[0]).checkClientTrusted(array, algorithm);
            return true;
        } catch (CertificateException e) {
            return false;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("the JDK cannot check certificates: " + e.getMessage(), e);
        }
    }

    /** Serves the one certificate there is, to everybody. */
    private static final class OneKey extends X509ExtendedKeyManager {
        private static final String ALIAS = "server";

        private final Tls tls;

        OneKey(Tls tls) {
            this.tls = tls;
        }

        @Override
        public @Nullable String chooseEngineServerAlias(String type, Principal[] issuers, SSLEngine engine) {
            return matches(type) ? ALIAS : null;
        }

        @Override
        public @Nullable String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
            return matches(type) ? ALIAS : null;
        }

        private boolean matches(String type) {
            return type.startsWith(tls.key.getAlgorithm());
        }

        @Override
        public String[] getServerAliases(String type, Principal[] issuers) {
            return matches(type) ? new String[] {ALIAS} : new String[0];
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return tls.chain.toArray(X509Certificate[]::new);
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return tls.key;
        }

        @Override
        public String[] getClientAliases(String type, Principal[] issuers) {
            return new String[0];
        }

        @Override
        public @Nullable String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
            return null;
        }
    }

    /** Lets every client through the handshake, and names the authorities so that it can choose a certificate. */
    private static final class Anybody extends X509ExtendedTrustManager {
        private final List<X509Certificate> authorities;

        Anybody(List<X509Certificate> authorities) {
            this.authorities = authorities;
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return authorities.toArray(X509Certificate[]::new);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            throw new CertificateException("this is the server");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            throw new CertificateException("this is the server");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            throw new CertificateException("this is the server");
        }
    }
}
