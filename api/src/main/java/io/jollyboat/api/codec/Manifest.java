package io.jollyboat.api.codec;

import io.jollyboat.api.StatusException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** A file of objects as people write it: YAML documents between lines of three dashes, or JSON. */
public final class Manifest {
    /** A manifest may hold this many documents. */
    public static final int DOCUMENTS_LIMIT = 10_000;

    private Manifest() {}

    /** One object and the line of the file, from 1, on which it begins. */
    public record Part(int line, ObjectNode object) {}

    /**
     * The objects of a file in their order. Empty documents are left out; a {@code List} stays one object.
     *
     * @throws StatusException BadRequest, naming the line
     */
    public static List<Part> parts(String text) {
        try {
            return text.stripLeading().startsWith("{")
                    ? List.of(new Part(
                            1,
                            Format.object(JsonBody.parse(text.getBytes(StandardCharsets.UTF_8)))
                                    .object()))
                    : yaml(text);
        } catch (SyntaxException e) {
            throw StatusException.badRequest(e.detail());
        }
    }

    private static List<Part> yaml(String text) {
        List<Part> parts = new ArrayList<>();
        List<YamlBody.Document> documents = YamlBody.documents(text, DOCUMENTS_LIMIT + 1);
        if (documents.size() > DOCUMENTS_LIMIT) {
            throw new SyntaxException("a manifest may hold no more than " + DOCUMENTS_LIMIT + " documents");
        }
        for (YamlBody.Document document : documents) {
            if (document.tree() instanceof ObjectNode object) {
                parts.add(new Part(document.line(), object));
            } else if (!document.tree().isNull()) {
                throw new SyntaxException("line " + document.line() + ": an object is expected here, not "
                        + JsonBody.nameOf(document.tree()));
            }
        }
        return parts;
    }
}
