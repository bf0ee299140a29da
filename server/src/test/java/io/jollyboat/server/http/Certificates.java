package io.jollyboat.server.http;

import io.jollyboat.server.http.wire.Tls;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An authority of the test's own, with a server's certificate for the loopback address and clients' as asked for. */
final class Certificates {
    private static final Date FROM = Date.from(Instant.parse("2020-01-01T00:00:00Z"));
    private static final Date UNTIL = Date.from(Instant.parse("2050-01-01T00:00:00Z"));

    private final KeyPair authorityKey = pair();
    final X509Certificate authority;
    final Tls tls;

    Certificates() throws GeneralSecurityException, IOException, OperatorCreationException {
        authority = sign("CN=authority", "CN=authority", authorityKey, true);
        KeyPair server = pair();
        tls = new Tls(
                List.of(sign("CN=authority", "CN=server", server, false)), server.getPrivate(), List.of(authority));
    }

    private static KeyPair pair() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private X509Certificate sign(String issuer, String subject, KeyPair key, boolean isAuthority)
            throws GeneralSecurityException, IOException, OperatorCreationException {
        var builder = new JcaX509v3CertificateBuilder(
                        new X500Name(issuer),
                        BigInteger.valueOf(subject.hashCode() & 0x7fffffff),
                        FROM,
                        UNTIL,
                        new X500Name(subject),
                        key.getPublic())
                .addExtension(Extension.basicConstraints, true, new BasicConstraints(isAuthority));
        if (subject.equals("CN=server")) {
            builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(new GeneralName[] {
                new GeneralName(GeneralName.iPAddress, "127.0.0.1"), new GeneralName(GeneralName.dNSName, "localhost")
            }));
        }
        var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(authorityKey.getPrivate());
        return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
    }

    /** A client that trusts the server, and shows this name (such as {@code CN=ann,O=builders}) when it is not empty. */
    SSLContext client(String subject) throws Exception {
        char[] password = "x".toCharArray();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        if (!subject.isEmpty()) {
            KeyPair key = pair();
            X509Certificate certificate = sign("CN=authority", subject, key, false);
            keys.setKeyEntry("me", key.getPrivate(), password, new X509Certificate[] {certificate});
        }
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("authority", authority);
        var keyFactory = KeyManagerFactory.getInstance("PKIX");
        keyFactory.init(keys, password);
        var trustFactory = TrustManagerFactory.getInstance("PKIX");
        trustFactory.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keyFactory.getKeyManagers(), trustFactory.getTrustManagers(), null);
        return context;
    }

    /** The authority's certificate as it stands in a kubeconfig. */
    String authorityBase64() throws GeneralSecurityException {
        String body = Base64.getMimeEncoder(64, "\n".getBytes()).encodeToString(authority.getEncoded());
        String pem = "-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n";
        return Base64.getEncoder().encodeToString(pem.getBytes());
    }
}
