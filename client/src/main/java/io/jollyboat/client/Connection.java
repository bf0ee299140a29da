package io.jollyboat.client;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * How to reach an API server and who one is there.
 *
 * @param server such as {@code https://127.0.0.1:6443}
 * @param token a bearer token, "" for none
 */
public record Connection(URI server, SSLContext tls, String token) {
    /**
     * A connection with a client certificate.
     *
     * @param authority what the server's certificate is signed by, as PEM
     * @param certificate and key of the client, as PEM; the key on the curve P-256, see {@link KeyPem}
     * @throws ClientException when one of them cannot be read
     */
    public static Connection certified(URI server, String authority, String certificate, String key) {
        try {
            KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
            KeyStore own = KeyStore.getInstance("JKS"); // PKCS12 would derive a key from a password first, for 30 ms
            own.load(null, null);
            own.setKeyEntry(
                    "client",
                    KeyPem.read(key),
                    new char[0],
                    certificates(certificate).toArray(new Certificate[0]));
            keys.init(own, new char[0]);
            SSLContext tls = SSLContext.getInstance("TLS");
            tls.init(keys.getKeyManagers(), trust(authority).getTrustManagers(), null);
            return new Connection(server, tls, "");
        } catch (GeneralSecurityException | java.io.IOException e) {
            throw new ClientException("the credentials for " + server + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** A connection with a bearer token. */
    public static Connection tokened(URI server, String authority, String token) {
        try {
            SSLContext tls = SSLContext.getInstance("TLS");
            tls.init(null, trust(authority).getTrustManagers(), null);
            return new Connection(server, tls, token);
        } catch (GeneralSecurityException | java.io.IOException e) {
            throw new ClientException("the authority of " + server + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static TrustManagerFactory trust(String authority) throws GeneralSecurityException, java.io.IOException {
        KeyStore trusted = emptyStore();
        int number = 0;
        for (Certificate one : certificates(authority)) {
            trusted.setCertificateEntry("authority-" + number++, one);
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        return trust;
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, java.io.IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static Collection<? extends Certificate> certificates(String pem) throws GeneralSecurityException {
        return CertificateFactory.getInstance("X.509")
                .generateCertificates(
                        new ByteArrayInputStream(pem.getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
    }
}
