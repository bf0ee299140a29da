package io.jollyboat.api.openapi;

/** The two versions of OpenAPI that Kubernetes speaks. */
enum Dialect {
    V2("#/definitions/"),
    V3("#/components/schemas/");

    private final String reference;

    Dialect(String reference) {
        this.reference = reference;
    }

    String reference(String definition) {
        return reference + definition;
    }
}
