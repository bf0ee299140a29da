package io.jollyboat.server.validation;

import io.jollyboat.api.NameRules;
import io.jollyboat.server.certificates.CertificateRequest;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What must be true of requests for certificates, of their approval and of what is issued. */
final class CertificateChecks {
    private static final List<String> USAGES = List.of(
            "any",
            "cert sign",
            "client auth",
            "code signing",
            "content commitment",
            "crl sign",
            "data encipherment",
            "decipher only",
            "digital signature",
            "email protection",
            "encipher only",
            "ipsec end system",
            "ipsec tunnel",
            "ipsec user",
            "key agreement",
            "key encipherment",
            "microsoft sgc",
            "netscape sgc",
            "ocsp signing",
            "s/mime",
            "server auth",
            "signing",
            "timestamping");
    private static final List<String> APPROVALS = List.of("Approved", "Denied");
    private static final List<String> ENDS = List.of("Approved", "Denied", "Failed");
    private static final long SHORTEST_SECONDS = 600;
    private static final int DOMAIN_LIMIT = 253;
    private static final int NAME_LIMIT = 571;
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);

    private CertificateChecks() {}

    static void request(Place object) {
        Place spec = object.at("spec");
        try {
            CertificateRequest.parse(spec.text("request")).checkSignature();
        } catch (CertificateRequest.MalformedException e) {
            spec.at("request").invalid(String.valueOf(e.getMessage()));
        }
        spec.at("usages").mustBeSet();
        spec.each("usages").forEach(usage -> Values.oneOf(usage, USAGES));
        Set<String> seen = new HashSet<>();
        spec.each("usages").stream().filter(usage -> !seen.add(usage.text())).forEach(Place::duplicate);
        signer(spec.at("signerName"));
        Place life = spec.at("expirationSeconds");
        if (life.isThere() && life.number() < SHORTEST_SECONDS) {
            life.invalid("may not specify a duration less than 600 seconds (10 minutes)");
        }
    }

    private static void signer(Place name) {
        if (name.text().isEmpty()) {
            name.required("");
            return;
        }
        if (name.text().equals("kubernetes.io/legacy-unknown")) {
            name.invalid("the legacy signerName is not allowed via this API version");
            return;
        }
        String[] parts = name.text().split("/", -1);
        if (parts.length != 2) {
            name.invalid("must be a fully qualified domain and path of the form 'example.com/signer-name'");
            return;
        }
        if (parts[0].length() > DOMAIN_LIMIT) {
            name.tooLong(DOMAIN_LIMIT);
        }
        labels(name.quoting(parts[0]), NameRules::dnsLabel);
        if (!parts[0].contains(".")) {
            name.quoting(parts[0]).invalid("should be a domain with at least two segments separated by dots");
        }
        labels(name.quoting(parts[1]), NameRules::dnsSubdomain);
        if (name.text().length() > NAME_LIMIT) {
            name.tooLong(NAME_LIMIT);
        }
    }

    /** The first bad one of what stands between dots is told, as the whole. */
    private static void labels(Place name, Function<String, List<String>> rule) {
        for (String label : name.text().split("\\.", -1)) {
            List<String> wrong = rule.apply(label);
            wrong.forEach(each -> name.invalid("validating label \"%s\": %s".formatted(label, each)));
            if (!wrong.isEmpty()) {
                return;
            }
        }
    }

    /** Through {@code /approval}: conditions may come, none may go. */
    static void approval(Place newer, Place stored) {
        conditions(newer, stored);
    }

    /** Through {@code /status}: the certificate may come once; who approves does so elsewhere. */
    static void status(Place newer, Place stored) {
        conditions(newer, stored);
        Place list = newer.in("status", "conditions");
        for (String type : APPROVALS) {
            List<Place> before = ofType(stored, type);
            List<Place> now = ofType(newer, type);
            if (now.size() > before.size()) {
                list.forbidden("updates may not add a condition of type \"" + type + "\"");
            } else if (now.size() == before.size() && !same(now, before)) {
                list.forbidden("updates may not modify a condition of type \"" + type + "\"");
            }
        }
        Place certificate = newer.in("status", "certificate");
        String before = stored.in("status", "certificate").text();
        if (!certificate.text().equals(before)) {
            certificate(certificate);
            if (!before.isEmpty()) {
                certificate.forbidden("updates may not modify existing certificate content");
            }
        }
    }

    private static boolean same(List<Place> some, List<Place> others) {
        return some.stream()
                .map(Place::node)
                .toList()
                .equals(others.stream().map(Place::node).toList());
    }

    private static List<Place> ofType(Place object, String type) {
        return object.at("status").each("conditions").stream()
                .filter(condition -> condition.text("type").equals(type))
                .toList();
    }

    private static void conditions(Place newer, Place stored) {
        Place list = newer.in("status", "conditions");
        Set<String> seen = new HashSet<>();
        for (Place condition : list.elements()) {
            String type = condition.text("type");
            condition.at("type").mustBeSet();
            condition.at("status").mustBeSet();
            Place status = condition.at("status");
            List<String> allowed = ENDS.contains(type) ? List.of("True") : List.of("False", "True", "Unknown");
            if (status.isSet()) {
                Values.oneOf(status, allowed);
            }
            boolean other = APPROVALS.contains(type)
                    && APPROVALS.stream().anyMatch(each -> !each.equals(type) && seen.contains(each));
            if (other) {
                list.quoting(type).invalid("Approved and Denied conditions are mutually exclusive");
            }
            if (!seen.add(type)) {
                condition.at("type").duplicate();
            }
        }
        for (String type : ENDS) {
            if (ofType(newer, type).size() < ofType(stored, type).size()) {
                list.forbidden("updates may not remove a condition of type \"" + type + "\"");
            }
        }
    }

    private static void certificate(Place place) {
        String wrong = "";
        try {
            wrong = wrongWith(new String(Base64.getDecoder().decode(place.text()), StandardCharsets.US_ASCII));
        } catch (IllegalArgumentException | CertificateException e) {
            wrong = "x509: malformed certificate";
        }
        if (!wrong.isEmpty()) {
            place.quoting("<certificate data>").invalid(wrong);
        }
    }

    private static String wrongWith(String pem) throws CertificateException {
        Matcher block = BLOCK.matcher(pem);
        int count = 0;
        for (; block.find(); count++) {
            if (!block.group(1).equals("CERTIFICATE")) {
                return "only CERTIFICATE PEM blocks are allowed, found \"" + block.group(1) + "\"";
            }
            if (block.group(2).contains(":")) {
                return "no PEM block headers are permitted";
            }
            byte[] content = Base64.getMimeDecoder().decode(block.group(2));
            CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(content));
        }
        return count == 0 && !pem.isEmpty() ? "must contain at least one CERTIFICATE PEM block" : "";
    }
}
