package io.jollyboat.controllers;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A CertificateSigningRequest.
 *
 * @param spec who asks, as the server wrote it, and all that is asked
 * @param certificate "" until it is issued
 */
record SigningRequest(
        Metadata metadata,
        String resourceVersion,
        Instant created,
        JsonNode spec,
        List<Condition> conditions,
        String certificate)
        implements Mirrored {
    static final String APPROVED = "Approved";
    static final String DENIED = "Denied";
    static final String FAILED = "Failed";

    static SigningRequest of(ObjectNode object) {
        JsonNode metadata = object.path("metadata");
        return new SigningRequest(
                Metadata.of(object),
                metadata.path("resourceVersion").stringValue(""),
                Condition.time(metadata.path("creationTimestamp").stringValue("")),
                object.path("spec"),
                Condition.all(object),
                object.path("status").path("certificate").stringValue(""));
    }

    String signer() {
        return spec.path("signerName").stringValue("");
    }

    String request() {
        return spec.path("request").stringValue("");
    }

    List<String> usages() {
        return spec.path("usages")
                .valueStream()
                .map(usage -> usage.stringValue(""))
                .toList();
    }

    Optional<Long> expirationSeconds() {
        return spec.has("expirationSeconds")
                ? Optional.of(spec.path("expirationSeconds").longValue(0))
                : Optional.empty();
    }

    boolean has(String condition) {
        return Condition.find(conditions, condition).isPresent();
    }

    boolean issued() {
        return !certificate.isEmpty();
    }
}
