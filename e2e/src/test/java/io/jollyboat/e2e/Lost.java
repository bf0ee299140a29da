package io.jollyboat.e2e;

import io.jollyboat.api.Trees;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What one tree says and another does not: by paths. A list may have gained elements, but none may be missing. */
final class Lost {
    private Lost() {}

    static List<String> between(JsonNode part, JsonNode whole) {
        List<String> lost = new ArrayList<>();
        compare("", part, whole, lost);
        return lost;
    }

    private static void compare(String path, JsonNode part, JsonNode whole, List<String> lost) {
        if (part.isObject() && whole.isObject()) {
            part.forEachEntry((name, value) -> compare(path + "." + name, value, whole.path(name), lost));
        } else if (part.isArray() && whole.isArray()) {
            for (int i = 0; i < part.size(); i++) {
                JsonNode element = part.get(i);
                if (whole.valueStream()
                        .noneMatch(other -> between(element, other).isEmpty())) {
                    lost.add(path + "[" + i + "]");
                }
            }
        } else if (!Trees.equal(part, whole) && !sameTime(part.asString(""), whole.asString(""))) {
            lost.add(path + " was " + part + ", is " + whole);
        }
    }

    /** A client may write whole seconds with a fraction. */
    private static boolean sameTime(String one, String other) {
        try {
            return Instant.parse(one).equals(Instant.parse(other));
        } catch (DateTimeParseException e) {
            return false;
        }
    }
}
