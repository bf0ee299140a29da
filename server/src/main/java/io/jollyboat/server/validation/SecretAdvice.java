package io.jollyboat.server.validation;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;

/**
 * What is told of a Secret for TLS whose key does not belong to its certificate, in the words of Go's {@code
 * tls.X509KeyPair}.
 */
final class SecretAdvice {
    private static final String TLS = "kubernetes.io/tls";
    private static final String CERTIFICATE = "CERTIFICATE";
    private static final String KEY = "PRIVATE KEY";
    /** How each sort of key signs, to try whether two belong together. */
    private static final Map<String, String> ALGORITHMS =
            Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "EdDSA", "EdDSA", "Ed25519", "EdDSA");

    private SecretAdvice() {}

    static void secret(Place secret, Told told) {
        if (!secret.text("type").equals(TLS)) {
            return;
        }
        Place data = secret.at("data");
        String wrong = wrong(text(data.text("tls.crt")), text(data.text("tls.key")));
        if (!wrong.isEmpty()) {
            told.say(wrong);
        }
    }

    private static String text(String base64) {
        try {
            return new String(Base64.getDecoder().decode(base64), StandardCharsets.ISO_8859_1);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    /** "" for a pair. */
    private static String wrong(String certificates, String keys) {
        List<PemObject> ones = blocks(certificates);
        List<String> skipped = types(ones);
        if (!skipped.contains(CERTIFICATE)) {
            return noCertificate(skipped);
        }
        List<String> others = types(blocks(keys));
        if (others.stream().noneMatch(SecretAdvice::isKey)) {
            return noKey(others);
        }
        PublicKey certified;
        try {
            byte[] der = ones.get(skipped.indexOf(CERTIFICATE)).getContent();
            certified = CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(der))
                    .getPublicKey();
        } catch (GeneralSecurityException e) {
            return "x509: malformed certificate";
        }
        try {
            return differ(certified, key(keys));
        } catch (IOException | GeneralSecurityException e) {
            return "tls: failed to parse private key";
        }
    }

    private static String noCertificate(List<String> types) {
        if (types.isEmpty()) {
            return "tls: failed to find any PEM data in certificate input";
        }
        return types.size() == 1 && isKey(types.getFirst())
                ? "tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs"
                        + " may have been switched"
                : "tls: failed to find \"CERTIFICATE\" PEM block in certificate input after skipping PEM blocks of the"
                        + " following types: [" + String.join(" ", types) + "]";
    }

    private static String noKey(List<String> types) {
        if (types.isEmpty()) {
            return "tls: failed to find any PEM data in key input";
        }
        return types.size() == 1 && types.getFirst().equals(CERTIFICATE)
                ? "tls: found a certificate rather than a key in the PEM for the private key"
                : "tls: failed to find PEM block with type ending in \"PRIVATE KEY\" in key input after skipping PEM"
                        + " blocks of the following types: [" + String.join(" ", types) + "]";
    }

    private static boolean isKey(String type) {
        return type.equals(KEY) || type.endsWith(" " + KEY);
    }

    private static List<String> types(List<PemObject> blocks) {
        return blocks.stream().map(PemObject::getType).toList();
    }

    private static List<PemObject> blocks(String text) {
        List<PemObject> blocks = new ArrayList<>();
        try (PemReader reader = new PemReader(new StringReader(text))) {
            for (PemObject block; (block = reader.readPemObject()) != null; ) {
                blocks.add(block);
            }
        } catch (IOException | RuntimeException e) {
            return blocks;
        }
        return blocks;
    }

    private static PrivateKey key(String text) throws IOException {
        try (PEMParser parser = new PEMParser(new StringReader(text))) {
            JcaPEMKeyConverter converter =
                    new JcaPEMKeyConverter().setAlgorithmMapping(X9ObjectIdentifiers.id_ecPublicKey, "EC");
            for (Object read; (read = parser.readObject()) != null; ) {
                if (read instanceof PEMKeyPair pair) {
                    return converter.getPrivateKey(pair.getPrivateKeyInfo());
                }
                if (read instanceof PrivateKeyInfo key) {
                    return converter.getPrivateKey(key);
                }
            }
        }
        throw new IOException("no private key");
    }

    /** Tries whether what one signs the other finds good. */
    private static String differ(PublicKey certified, PrivateKey key) throws GeneralSecurityException {
        String algorithm = ALGORITHMS.get(key.getAlgorithm());
        String expected = ALGORITHMS.get(certified.getAlgorithm());
        if (algorithm == null || !algorithm.equals(expected)) {
            return "tls: private key type does not match public key type";
        }
        byte[] challenge = {1};
        Signature signer = Signature.getInstance(algorithm);
        signer.initSign(key);
        signer.update(challenge);
        byte[] signed = signer.sign();
        Signature verifier = Signature.getInstance(algorithm);
        verifier.initVerify(certified);
        verifier.update(challenge);
        return verifies(verifier, signed) ? "" : "tls: private key does not match public key";
    }

    private static boolean verifies(Signature verifier, byte[] signed) {
        try {
            return verifier.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
