package io.jollyboat.api.codec;

import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * A body as a tree.
 *
 * @param duplicates what strict field validation says of fields that stand there twice; the last one counts
 */
public record Decoded(ObjectNode object, List<String> duplicates) {
    /** How the problems of a YAML text begin, which follow line by line. */
    public static final String REPEATED = "yaml: unmarshal errors:";

    public Decoded {
        duplicates = List.copyOf(duplicates);
    }
}
