package io.jollyboat.api.patch;

import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Cause;
import io.jollyboat.api.StatusException.Failure;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.Trees;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The JSON patch of RFC 6902: operations that are applied one after the other, all or none.
 *
 * <p>The document hangs under a root of one element while it is worked on, so that the empty path, the whole document,
 * is no special case: every path has a parent.
 */
public final class JsonPatch {
    /** More operations are refused with 413. */
    public static final int MOST_OPERATIONS = 10_000;
    /** What {@code copy} may add to a document, in characters of JSON; else copies of copies grow without bound. */
    public static final int MOST_COPIED = 3 * 1024 * 1024;

    private static final String ROOT = "";

    private final ObjectNode root = JsonNodeFactory.instance.objectNode();
    private int copied;

    private int levels; // of the document, at most

    private JsonPatch(JsonNode document) {
        root.set(ROOT, document.deepCopy());
        levels = Trees.levels(document);
    }

    /**
     * The patched document; neither argument is changed.
     *
     * @throws StatusException 400 for what is no patch, 413 for too many operations, 422 where an operation does not
     *     apply: its message is Kubernetes' own, which says nothing, and the cause says which operation and why
     */
    public static JsonNode apply(JsonNode document, JsonNode operations) {
        if (!operations.isArray()) {
            throw StatusException.badRequest("error decoding patch: a JSON patch is an array of operations");
        }
        if (operations.size() > MOST_OPERATIONS) {
            throw StatusException.of(
                    Reason.REQUEST_ENTITY_TOO_LARGE,
                    "Request entity too large: The allowed maximum operations in a JSON patch is " + MOST_OPERATIONS
                            + ", got " + operations.size());
        }
        JsonPatch patch = new JsonPatch(document);
        for (JsonNode operation : operations) {
            if (!operation.isObject()) {
                throw StatusException.badRequest("error decoding patch: an operation of a JSON patch is an object");
            }
            patch.run(operation);
        }
        return patch.root.path(ROOT);
    }

    private void run(JsonNode operation) {
        String path = operation.path("path").stringValue("");
        String name = operation.path("op").stringValue("");
        switch (name) {
            case "add" -> {
                deepen(path, Trees.levels(operation.path("value")));
                add(name, path, value(operation));
            }
            case "remove" -> remove(name, path);
            case "replace" -> {
                deepen(path, Trees.levels(operation.path("value")));
                replace(path, value(operation));
            }
            case "move" -> {
                String from = operation.path("from").stringValue("");
                if (path.startsWith(from + "/")) {
                    throw failed("move operation does not apply: " + from + " cannot move into itself");
                }
                deepen(path, levels - keys(name, from).size() + 1);
                add(name, path, remove(name, from));
            }
            case "copy" -> {
                JsonNode value = copy(operation.path("from").stringValue(""));
                deepen(path, Trees.levels(value));
                add(name, path, value);
            }
            case "test" -> test(path, operation.path("value"));
            default -> throw failed("Unexpected kind: " + (name.isEmpty() ? "unknown" : name));
        }
    }

    private static JsonNode value(JsonNode operation) {
        JsonNode value = operation.get("value");
        return value == null ? JsonNodeFactory.instance.nullNode() : value.deepCopy();
    }

    /** Counts how deep the document may have become; a bound, which no walk through it is needed for. */
    private void deepen(String path, int below) {
        levels = Math.max(levels, keys("add", path).size() - 1 + below);
        if (levels > Trees.MOST_LEVELS) {
            throw failed("the document would be more than " + Trees.MOST_LEVELS + " levels deep");
        }
    }

    private void add(String operation, String path, JsonNode value) {
        Place place = place(operation, path);
        switch (place.parent()) {
            case ObjectNode object -> object.set(place.key(), value);
            case ArrayNode array -> array.insert(place.index(array.size()), value);
            default -> throw missing(operation, path);
        }
    }

    private JsonNode remove(String operation, String path) {
        Place place = place(operation, path);
        JsonNode gone = place.get();
        if (gone == null) {
            throw missing(operation, path);
        }
        switch (place.parent()) {
            case ObjectNode object -> object.remove(place.key());
            case ArrayNode array -> array.remove(place.index(array.size() - 1));
            default -> throw missing(operation, path);
        }
        return gone;
    }

    private void replace(String path, JsonNode value) {
        Place place = place("replace", path);
        if (place.get() == null) {
            throw failed("replace operation does not apply: doc is missing key: " + path + ": missing value");
        }
        switch (place.parent()) {
            case ObjectNode object -> object.set(place.key(), value);
            case ArrayNode array -> array.set(place.index(array.size() - 1), value);
            default -> throw missing("replace", path);
        }
    }

    private JsonNode copy(String from) {
        JsonNode found = place("copy", from).get();
        if (found == null) {
            throw missing("copy", from);
        }
        copied += found.toString().length();
        if (copied > MOST_COPIED) {
            throw failed("Unable to complete the copy, the accumulated size increase of copy operations is " + copied
                    + ", exceeding the limit " + MOST_COPIED);
        }
        return found.deepCopy();
    }

    /** A value that is not there equals null. */
    private void test(String path, JsonNode value) {
        JsonNode found = place("test", path).get();
        boolean nothing = value.isNull() || value.isMissingNode();
        if (found == null ? !nothing : !Trees.equal(found, nothing ? JsonNodeFactory.instance.nullNode() : value)) {
            throw failed("testing value " + path + " failed: test failed");
        }
    }

    /** Walks to the parent of what a path names. */
    private Place place(String operation, String path) {
        List<String> keys = keys(operation, path);
        JsonNode parent = root;
        for (int i = 0; i < keys.size() - 1; i++) {
            JsonNode next = new Place(parent, keys.get(i)).get();
            if (next == null) {
                throw missing(operation, path);
            }
            parent = next;
        }
        return new Place(parent, keys.getLast());
    }

    /** The keys of a JSON pointer (RFC 6901) after that of the root: {@code /a~1b/0} gives "", "a/b", "0". */
    private static List<String> keys(String operation, String path) {
        List<String> keys = new ArrayList<>();
        if (!path.isEmpty() && !path.startsWith("/")) {
            throw missing(operation, path);
        }
        for (String key : path.split("/", -1)) {
            keys.add(key.replace("~1", "/").replace("~0", "~"));
        }
        return keys;
    }

    /** A key in a container, where something may be or not. */
    private record Place(JsonNode parent, String key) {
        @Nullable
        JsonNode get() {
            return switch (parent) {
                case ObjectNode object -> object.get(key);
                case ArrayNode array -> key.equals("-") ? null : array.get(index(array.size()));
                default -> null;
            };
        }

        /** The key as an index of an array; {@code -} is the place after its end. */
        int index(int greatest) {
            if (key.equals("-")) {
                return greatest;
            }
            boolean number = key.length() < 10
                    && !key.isEmpty()
                    && key.chars().allMatch(c -> c >= '0' && c <= '9')
                    && (key.length() == 1 || key.charAt(0) != '0');
            if (!number || Integer.parseInt(key) > greatest) {
                throw failed("Unable to access invalid index: " + key + ": invalid index referenced");
            }
            return Integer.parseInt(key);
        }
    }

    private static StatusException missing(String operation, String path) {
        return failed(operation + " operation does not apply: doc is missing path: \"" + path + "\": missing value");
    }

    private static StatusException failed(String why) {
        return new StatusException(new Failure(
                Reason.INVALID,
                "the server rejected our request due to an error in our request",
                "",
                "",
                "",
                "",
                List.of(new Cause("UnexpectedServerResponse", why, "patch")),
                0));
    }
}
