package io.jollyboat.cluster;

import io.jollyboat.api.Resources;
import io.jollyboat.api.openapi.Documents;
import java.util.Map;
import java.util.Optional;

/** The OpenAPI documents of the built-in kinds, as the server's face wants them; made when first asked for. */
final class PublishedApi implements io.jollyboat.server.http.Documents {
    static final String RELEASE = "v1.35.0";

    private final Documents documents = new Documents(Resources.builtIn(), RELEASE);

    @Override
    public byte[] v2() {
        return documents.v2();
    }

    @Override
    public Map<String, String> v3Hashes() {
        return documents.hashes();
    }

    @Override
    public Optional<byte[]> v3(String path) {
        return documents.v3(path);
    }
}
