package io.jollyboat.cluster;

import io.jollyboat.controllers.CertificateAuthority;
import io.jollyboat.server.certificates.CertificateRequest;
import io.jollyboat.world.World;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * The cluster's authority with its key: signs what its controllers let it sign, with all the names that were asked for and
 * nothing else of what the request would have.
 *
 * @param key of elliptic curves
 */
public record SigningAuthority(World world, PrivateKey key, X509Certificate own) implements CertificateAuthority {
    /** Begins earlier, for clocks that differ. */
    private static final Duration BACKDATED = Duration.ofMinutes(5);
    /** What lives shorter does not end earlier for having begun earlier. */
    private static final Duration SHORT = Duration.ofHours(8);

    private static final int SERIAL_BYTES = 16;
    private static final Map<NameKind, Integer> TAGS = Map.of(
            NameKind.DNS, GeneralName.dNSName,
            NameKind.ADDRESS, GeneralName.iPAddress,
            NameKind.MAIL, GeneralName.rfc822Name,
            NameKind.URI, GeneralName.uniformResourceIdentifier);
    private static final Map<String, Integer> USES = Map.of(
            "signing", KeyUsage.digitalSignature,
            "digital signature", KeyUsage.digitalSignature,
            "content commitment", KeyUsage.nonRepudiation,
            "key encipherment", KeyUsage.keyEncipherment,
            "key agreement", KeyUsage.keyAgreement,
            "data encipherment", KeyUsage.dataEncipherment,
            "encipher only", KeyUsage.encipherOnly,
            "decipher only", KeyUsage.decipherOnly);
    private static final Map<String, KeyPurposeId> PURPOSES = Map.of(
            "client auth", KeyPurposeId.id_kp_clientAuth,
            "server auth", KeyPurposeId.id_kp_serverAuth);

    @Override
    public String certificate() {
        try {
            return pem(own.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was made or read has an encoding", e);
        }
    }

    @Override
    public Asked read(String request) {
        CertificateRequest parsed = parse(request);
        Set<NameKind> kinds = EnumSet.noneOf(NameKind.class);
        TAGS.forEach((kind, tag) -> {
            if (parsed.asksFor(tag)) {
                kinds.add(kind);
            }
        });
        return new Asked(parsed.commonName(), parsed.organizations(), kinds);
    }

    /** The server let no other in. */
    private static CertificateRequest parse(String request) {
        try {
            return CertificateRequest.parse(request);
        } catch (CertificateRequest.MalformedException e) {
            throw new IllegalStateException("a stored request was validated", e);
        }
    }

    @Override
    public String sign(String request, List<String> usages, Duration life) {
        CertificateRequest parsed = parse(request);
        Instant now = world.now();
        Instant begin = now.minus(BACKDATED);
        Instant wanted = (life.compareTo(SHORT) < 0 ? now : begin).plus(life);
        Instant last = own.getNotAfter().toInstant();
        byte[] serial = new byte[SERIAL_BYTES];
        world.random().nextBytes(serial);
        try {
            var builder = new X509v3CertificateBuilder(
                    new JcaX509CertificateHolder(own).getSubject(),
                    new BigInteger(1, serial),
                    Date.from(begin),
                    Date.from(wanted.isBefore(last) ? wanted : last),
                    parsed.whole().getSubject(),
                    parsed.whole().getSubjectPublicKeyInfo());
            extend(builder, parsed, usages);
            byte[] signed = builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key))
                    .getEncoded();
            return Base64.getEncoder().encodeToString(pem(signed).getBytes(StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
            throw new IllegalStateException("the authority's key does not sign", e);
        }
    }

    private static void extend(X509v3CertificateBuilder builder, CertificateRequest request, List<String> usages)
            throws IOException {
        int uses =
                usages.stream().mapToInt(usage -> USES.getOrDefault(usage, 0)).reduce(0, (some, other) -> some | other);
        KeyPurposeId[] purposes =
                usages.stream().map(PURPOSES::get).filter(Objects::nonNull).toArray(KeyPurposeId[]::new);
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
        if (uses != 0) {
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(uses));
        }
        if (purposes.length > 0) {
            builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes));
        }
        if (!request.names().isEmpty()) {
            boolean critical = request.whole().getSubject().equals(new X500Name(""));
            builder.addExtension(
                    Extension.subjectAlternativeName,
                    critical,
                    new GeneralNames(request.names().toArray(new GeneralName[0])));
        }
    }

    private static String pem(byte[] encoded) {
        String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded);
        return "-----BEGIN CERTIFICATE-----\n" + lines + "\n-----END CERTIFICATE-----\n";
    }
}
