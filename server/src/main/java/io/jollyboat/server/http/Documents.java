package io.jollyboat.server.http;

import io.jollyboat.api.openapi.OpenApi;
import java.util.Map;
import java.util.Optional;

/** The OpenAPI documents of all kinds that are served now. */
public interface Documents {
    /** The one document of version 2, as JSON. */
    byte[] v2();

    /** The same document in protobuf. */
    default byte[] v2Protobuf() {
        return OpenApi.protobuf(v2());
    }

    /** Changes with the document of version 2; "" when there is none. */
    default String v2Hash() {
        return OpenApi.hash(v2());
    }

    /** The hashes of the documents of version 3, by path such as {@code apis/apps/v1}; a hash changes with its document. */
    Map<String, String> v3Hashes();

    /** The document of version 3 for a path, as JSON; empty when there is none. */
    Optional<byte[]> v3(String path);

    /** The same document in protobuf. */
    default Optional<byte[]> v3Protobuf(String path) {
        return v3(path).map(OpenApi::protobuf);
    }

    /** Those that the api module makes. */
    static Documents of(io.jollyboat.api.openapi.Documents made) {
        return new Documents() {
            @Override
            public byte[] v2() {
                return made.v2();
            }

            @Override
            public byte[] v2Protobuf() {
                return made.v2Protobuf();
            }

            @Override
            public String v2Hash() {
                return made.v2Hash();
            }

            @Override
            public Map<String, String> v3Hashes() {
                return made.hashes();
            }

            @Override
            public Optional<byte[]> v3(String path) {
                return made.v3(path);
            }

            @Override
            public Optional<byte[]> v3Protobuf(String path) {
                return made.v3Protobuf(path);
            }
        };
    }

    /** Nothing at all: clients then work without validation of their own. */
    static Documents none() {
        return new Documents() {
            @Override
            public byte[] v2() {
                return new byte[0];
            }

            @Override
            public String v2Hash() {
                return "";
            }

            @Override
            public Map<String, String> v3Hashes() {
                return Map.of();
            }

            @Override
            public Optional<byte[]> v3(String path) {
                return Optional.empty();
            }
        };
    }
}
