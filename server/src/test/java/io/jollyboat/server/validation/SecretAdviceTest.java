package io.jollyboat.server.validation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Whether the two halves of a Secret for TLS belong together. */
class SecretAdviceTest {
    private static final String NAME = "CN=a";
    private static final KeyPair ONE = pair("EC", 256);
    private static final KeyPair OTHER = pair("EC", 256);
    private static final KeyPair RSA = pair("RSA", 2048);

    private static KeyPair pair(String algorithm, int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(bits);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static String certificate(KeyPair pair) {
        try {
            X500Name name = new X500Name(NAME);
            Date from = Date.from(Instant.parse("2020-01-01T00:00:00Z"));
            Date until = Date.from(Instant.parse("2050-01-01T00:00:00Z"));
            String how = pair.getPrivate().getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
            return pem(new JcaX509v3CertificateBuilder(name, BigInteger.ONE, from, until, name, pair.getPublic())
                    .build(new JcaContentSignerBuilder(how).build(pair.getPrivate())));
        } catch (OperatorCreationException e) {
            throw new AssertionError(e);
        }
    }

    private static String key(KeyPair pair) {
        return pem(new PemObject("PRIVATE KEY", pair.getPrivate().getEncoded()));
    }

    private static String pem(Object object) {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(object);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return text.toString();
    }

    private static List<String> told(String certificate, String key) {
        ObjectNode secret = JsonNodeFactory.instance.objectNode().put("type", "kubernetes.io/tls");
        secret.putObject("data").put("tls.crt", base64(certificate)).put("tls.key", base64(key));
        Told told = new Told();
        SecretAdvice.secret(new Place("", secret, new ArrayList<>()), told);
        return told.texts();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aPairIsSilent() throws IOException {
        assertThat(told(certificate(ONE), key(ONE))).isEmpty();
        assertThat(told(certificate(ONE) + certificate(OTHER), key(ONE))).isEmpty();
        assertThat(told(certificate(RSA), pem(RSA.getPrivate()))).isEmpty();
        PrivateKeyInfo info = PrivateKeyInfo.getInstance(ONE.getPrivate().getEncoded());
        ECPrivateKey old = new ECPrivateKey(
                256,
                ECPrivateKey.getInstance(info.parsePrivateKey()).getKey(),
                info.getPrivateKeyAlgorithm().getParameters());
        assertThat(told(certificate(ONE), pem(new PemObject("EC PRIVATE KEY", old.getEncoded()))))
                .isEmpty();
    }

    @Test
    void keysOfOthersAreTold() {
        assertThat(told(certificate(ONE), key(OTHER))).containsExactly("tls: private key does not match public key");
        assertThat(told(certificate(ONE), pem(RSA.getPrivate())))
                .containsExactly("tls: private key type does not match public key type");
    }

    @Test
    void whatIsNoPairIsTold() {
        assertThat(told("a", "b")).containsExactly("tls: failed to find any PEM data in certificate input");
        assertThat(told(key(ONE), certificate(ONE)))
                .containsExactly("tls: failed to find certificate PEM data in certificate input, but did find a"
                        + " private key; PEM inputs may have been switched");
        assertThat(told(pem(ONE.getPublic()), key(ONE)))
                .containsExactly("tls: failed to find \"CERTIFICATE\" PEM block in certificate input after skipping"
                        + " PEM blocks of the following types: [PUBLIC KEY]");
        assertThat(told(certificate(ONE), "b")).containsExactly("tls: failed to find any PEM data in key input");
        assertThat(told(certificate(ONE), certificate(ONE)))
                .containsExactly("tls: found a certificate rather than a key in the PEM for the private key");
        assertThat(told(certificate(ONE), pem(ONE.getPublic())))
                .containsExactly("tls: failed to find PEM block with type ending in \"PRIVATE KEY\" in key input"
                        + " after skipping PEM blocks of the following types: [PUBLIC KEY]");
        String empty = "-----BEGIN CERTIFICATE-----\nYQ==\n-----END CERTIFICATE-----\n";
        assertThat(told(empty, key(ONE))).containsExactly("x509: malformed certificate");
        String broken = "-----BEGIN PRIVATE KEY-----\nYQ==\n-----END PRIVATE KEY-----\n";
        assertThat(told(certificate(ONE), broken)).containsExactly("tls: failed to parse private key");
    }
}
