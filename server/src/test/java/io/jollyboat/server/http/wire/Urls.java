package io.jollyboat.server.http.wire;

import java.util.ArrayList;
import java.util.List;

/** Parts of a request's target, as a request reads them. */
public final class Urls {
    private Urls() {}

    /** @throws IllegalArgumentException for what cannot be decoded */
    public static Query query(String text) {
        return new Query(text);
    }

    /** @throws IllegalArgumentException for what cannot be decoded */
    public static List<String> segments(String path) {
        List<String> segments = new ArrayList<>();
        for (String part : path.split("/")) {
            if (!part.isEmpty()) {
                segments.add(Request.decoded(part));
            }
        }
        return segments;
    }
}
