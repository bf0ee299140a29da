package io.jollyboat.server.certificates;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;

/**
 * What somebody wants to have certified: a public key, a name and other names for it (RFC 2986).
 *
 * @param whole to sign
 * @param commonName "" for none
 * @param organizations in their order
 * @param names the alternative ones: DNS, addresses, mail, URIs
 */
public record CertificateRequest(
        PKCS10CertificationRequest whole, String commonName, List<String> organizations, List<GeneralName> names) {
    private static final Pattern PEM = Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");

    private static final Pattern HEADERS = Pattern.compile("^\\s*([^\\n:]+:[^\\n]*\\n)+\\s*");

    public CertificateRequest {
        organizations = List.copyOf(organizations);
        names = List.copyOf(names);
    }

    /** A text that is no request for a certificate; the message is for who sent it. */
    public static final class MalformedException extends Exception {
        private static final long serialVersionUID = 1;

        MalformedException(String message, Throwable cause) {
            super(message, cause);
        }

        MalformedException(String message) {
            super(message);
        }
    }

    /**
     * Reads a request; its signature is not looked at.
     *
     * @param base64 of the PEM text, as {@code spec.request} has it
     * @throws MalformedException for what is none
     */
    public static CertificateRequest parse(String base64) throws MalformedException {
        try {
            String text = new String(Base64.getDecoder().decode(base64), StandardCharsets.US_ASCII);
            Matcher block = PEM.matcher(text);
            if (!block.find() || !block.group(1).equals("CERTIFICATE REQUEST")) {
                throw new MalformedException("PEM block type must be CERTIFICATE REQUEST");
            }
            String body = HEADERS.matcher(block.group(2)).replaceFirst("");
            var request = new PKCS10CertificationRequest(Base64.getMimeDecoder().decode(body));
            X500Name subject = request.getSubject();
            List<String> commonNames = values(subject, BCStyle.CN);
            return new CertificateRequest(
                    request,
                    commonNames.isEmpty() ? "" : commonNames.getLast(),
                    values(subject, BCStyle.O),
                    alternatives(request));
        } catch (IOException | RuntimeException e) { // the library throws whatever it likes at what it cannot read
            throw new MalformedException("asn1: structure error: " + e.getMessage(), e);
        }
    }

    /** @throws MalformedException where the request was not signed with the key that it holds */
    public void checkSignature() throws MalformedException {
        boolean valid;
        try {
            valid = whole.isSignatureValid(
                    new JcaContentVerifierProviderBuilder().build(whole.getSubjectPublicKeyInfo()));
        } catch (OperatorCreationException | PKCSException | RuntimeException e) {
            throw new MalformedException("x509: cannot verify signature: " + e.getMessage(), e);
        }
        if (!valid) {
            throw new MalformedException("x509: signature verification failed");
        }
    }

    /** Whether it asks for an alternative name of a kind ({@code GeneralName.dNSName}). */
    public boolean asksFor(int kind) {
        return names.stream().anyMatch(name -> name.getTagNo() == kind);
    }

    /** One part of the name may hold several values: Go writes all organizations so. */
    private static List<String> values(X500Name subject, ASN1ObjectIdentifier kind) {
        return Stream.of(subject.getRDNs())
                .flatMap(part -> Stream.of(part.getTypesAndValues()))
                .filter(pair -> pair.getType().equals(kind))
                .map(AttributeTypeAndValue::getValue)
                .map(value -> value instanceof ASN1String text ? text.getString() : "")
                .toList();
    }

    private static List<GeneralName> alternatives(PKCS10CertificationRequest request) {
        Extensions wanted = request.getRequestedExtensions();
        if (wanted == null) {
            return List.of();
        }
        GeneralNames names = GeneralNames.fromExtensions(wanted, Extension.subjectAlternativeName);
        return names == null ? List.of() : new ArrayList<>(List.of(names.getNames()));
    }
}
