package io.jollyboat.server.certificates;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.server.certificates.CertificateRequest.MalformedException;
import io.jollyboat.testing.fuzz.FuzzContract;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.bouncycastle.asn1.x509.GeneralName;

/** Signing requests: an input is one in DER, which is wrapped as clients do; and the same bytes instead of all that. */
class CertificateRequestFuzzTest extends FuzzContract {
    CertificateRequestFuzzTest() {
        super("requests.txt");
    }

    @Override
    protected List<String> words() {
        return List.of(
                "\u0030\u0082", "\u0030\u0080", "system:nodes", "system:node:", "\u0006\u0003\u0055\u0004\u0003");
    }

    @Override
    protected void take(byte[] input) {
        parsed(new String(input, StandardCharsets.ISO_8859_1));
        parsed(Base64.getEncoder().encodeToString(input));
        String pem = "-----BEGIN CERTIFICATE REQUEST-----\n"
                + Base64.getEncoder().encodeToString(input)
                + "\n-----END CERTIFICATE REQUEST-----\n";
        parsed(Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.US_ASCII)));
    }

    private static void parsed(String base64) {
        try {
            CertificateRequest request = CertificateRequest.parse(base64);
            assertThat(request.commonName()).isNotNull();
            request.asksFor(GeneralName.dNSName);
            request.checkSignature();
        } catch (MalformedException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }
}
