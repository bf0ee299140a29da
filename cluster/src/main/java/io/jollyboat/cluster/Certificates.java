package io.jollyboat.cluster;

import io.jollyboat.client.KeyPem;
import io.jollyboat.world.World;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * The cluster's own authority and what it signs, with elliptic curve keys (P-256). Made once, then read from the
 * cluster's folder, so that kubeconfigs and tokens outlive a restart.
 */
final class Certificates {
    /** A key with the certificate of its owner; {@code name} is also that of the two files. */
    record Identity(String name, PrivateKey key, X509Certificate certificate) {
        String certificatePem() {
            try {
                return pem("CERTIFICATE", certificate.getEncoded());
            } catch (CertificateEncodingException e) {
                throw new IllegalStateException("a certificate that was made or read has an encoding", e);
            }
        }

        String keyPem() {
            return pem("PRIVATE KEY", key.getEncoded());
        }

        /** The key in the form that all clients understand. */
        String keyForClients() {
            return KeyPem.write((ECPrivateKey) key, (ECPublicKey) certificate.getPublicKey());
        }
    }

    private static final Duration AUTHORITY_LIFE = Duration.ofDays(3650);
    private static final Duration LEAF_LIFE = Duration.ofDays(365);

    /** A leaf that has less than this to live is made anew at the next start. */
    private static final Duration RENEW_BEFORE = Duration.ofDays(60);

    private final Path folder;
    private final World world;
    private final Identity authority;

    Certificates(Path folder, World world) {
        this.folder = folder;
        this.world = world;
        this.authority = readOrMake("authority", () -> makeAuthority(newKeys()));
    }

    /** Signs all others; clients trust it. */
    Identity authority() {
        return authority;
    }

    /** For the API server's port: {@code addresses} and {@code names} are those by which clients reach it. */
    Identity server(List<String> addresses, List<String> names) {
        List<GeneralName> all = new ArrayList<>();
        addresses.forEach(a -> all.add(new GeneralName(GeneralName.iPAddress, a)));
        names.forEach(n -> all.add(new GeneralName(GeneralName.dNSName, n)));
        return readOrMake(
                "server", () -> makeLeaf("server", subject("kube-apiserver", ""), KeyPurposeId.id_kp_serverAuth, all));
    }

    /** For a client: {@code user} becomes its name and {@code group} its group. */
    Identity client(String file, String user, String group) {
        return readOrMake(file, () -> makeLeaf(file, subject(user, group), KeyPurposeId.id_kp_clientAuth, List.of()));
    }

    /** Signs the tokens of service accounts; its certificate is of no use. */
    Identity tokenSigner() {
        return readOrMake(
                "service-accounts",
                () -> makeLeaf(
                        "service-accounts",
                        subject("service-accounts", ""),
                        KeyPurposeId.id_kp_codeSigning,
                        List.of()));
    }

    private interface Maker {
        Identity make() throws GeneralSecurityException, IOException, OperatorCreationException;
    }

    private Identity readOrMake(String name, Maker maker) {
        Path certificate = folder.resolve(name + ".crt");
        Path key = folder.resolve(name + ".key");
        try {
            if (Files.exists(certificate) && Files.exists(key)) {
                Identity found = read(name, certificate, key);
                if (found.certificate()
                        .getNotAfter()
                        .toInstant()
                        .isAfter(world.now().plus(RENEW_BEFORE))) {
                    return found;
                }
            }
            Identity made = maker.make();
            WholeFiles.write(key, made.keyPem());
            WholeFiles.write(certificate, made.certificatePem());
            return made;
        } catch (GeneralSecurityException | IOException | OperatorCreationException | RuntimeException e) {
            throw new ClusterException(
                    "the certificate " + certificate + " cannot be made or read (" + e.getMessage()
                            + "): `jolly delete` and `jolly up` make a new cluster",
                    e);
        }
    }

    /** Needs no BouncyCastle: a start that finds all certificates there does not load it. */
    private static Identity read(String name, Path certificate, Path key) throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(certificate)) {
            var found =
                    (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
            String text = Files.readString(key).replaceAll("-----[A-Z ]+-----", "");
            byte[] pkcs8 = Base64.getMimeDecoder().decode(text);
            return new Identity(
                    name, KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(pkcs8)), found);
        }
    }

    private static KeyPair newKeys() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private Identity makeAuthority(KeyPair keys)
            throws GeneralSecurityException, IOException, OperatorCreationException {
        X500Name name = subject("jollyboat-ca", "");
        X509v3CertificateBuilder builder = builder(name, name, keys.getPublic(), AUTHORITY_LIFE);
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
        builder.addExtension(
                Extension.keyUsage,
                true,
                new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign | KeyUsage.digitalSignature));
        return new Identity("authority", keys.getPrivate(), sign(builder, keys.getPrivate()));
    }

    private Identity makeLeaf(String name, X500Name subject, KeyPurposeId purpose, List<GeneralName> alternatives)
            throws GeneralSecurityException, IOException, OperatorCreationException {
        KeyPair keys = newKeys();
        X500Name issuer = subject("jollyboat-ca", "");
        X509v3CertificateBuilder builder = builder(issuer, subject, keys.getPublic(), LEAF_LIFE);
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
        builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
        if (!alternatives.isEmpty()) {
            builder.addExtension(
                    Extension.subjectAlternativeName,
                    false,
                    new GeneralNames(alternatives.toArray(new GeneralName[0])));
        }
        return new Identity(name, keys.getPrivate(), sign(builder, authority.key()));
    }

    /** Valid from an hour ago, for clocks that differ a little. */
    private X509v3CertificateBuilder builder(X500Name issuer, X500Name subject, PublicKey key, Duration life) {
        Instant now = world.now();
        BigInteger serial = new BigInteger(1, bytes(16));
        return new X509v3CertificateBuilder(
                issuer,
                serial,
                Date.from(now.minus(Duration.ofHours(1))),
                Date.from(now.plus(life)),
                subject,
                SubjectPublicKeyInfo.getInstance(key.getEncoded()));
    }

    private byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        world.random().nextBytes(bytes);
        return bytes;
    }

    private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key)
            throws GeneralSecurityException, OperatorCreationException {
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
    }

    private static X500Name subject(String user, String group) {
        X500NameBuilder builder = new X500NameBuilder(BCStyle.INSTANCE);
        if (!group.isEmpty()) {
            builder.addRDN(BCStyle.O, group);
        }
        return builder.addRDN(BCStyle.CN, user).build();
    }

    private static String pem(String what, byte[] encoded) {
        String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded);
        return "-----BEGIN " + what + "-----\n" + lines + "\n-----END " + what + "-----\n";
    }
}
