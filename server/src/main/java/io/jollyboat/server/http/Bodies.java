package io.jollyboat.server.http;

import io.jollyboat.api.StatusException;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Reads what clients send. */
public interface Bodies {
    /**
     * @param mediaType in lower case and without parameters, "" for JSON
     * @throws StatusException UnsupportedMediaType, or BadRequest for what cannot be read
     */
    Decoded read(String mediaType, byte[] body);

    /**
     * A body as a tree.
     *
     * @param duplicates the paths of fields that stood there twice, of which the last counted
     */
    record Decoded(JsonNode tree, List<String> duplicates) {
        public Decoded {
            duplicates = List.copyOf(duplicates);
        }
    }
}
