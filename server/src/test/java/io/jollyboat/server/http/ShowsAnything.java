package io.jollyboat.server.http;

import java.net.Socket;
import java.net.http.HttpClient;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;

/** A client that trusts one authority's server and shows it a certificate of another's, asked for or not. */
final class ShowsAnything extends X509ExtendedKeyManager {
    private final Certificates server;
    private final Certificates own;

    ShowsAnything(Certificates server, Certificates own) {
        this.server = server;
        this.own = own;
    }

    HttpClient client() throws Exception {
        java.security.KeyStore trusted = java.security.KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("authority", server.authority);
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(new javax.net.ssl.KeyManager[] {this}, trust.getTrustManagers(), null);
        return HttpClient.newBuilder().sslContext(context).build();
    }

    @Override
    public String chooseEngineClientAlias(String[] types, Principal[] issuers, SSLEngine engine) {
        return "me";
    }

    @Override
    public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
        return "me";
    }

    @Override
    public String[] getClientAliases(String type, Principal[] issuers) {
        return new String[] {"me"};
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return own.tls.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return own.tls.key();
    }

    @Override
    public String[] getServerAliases(String type, Principal[] issuers) {
        return new String[0];
    }

    @Override
    public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
        return null;
    }
}
