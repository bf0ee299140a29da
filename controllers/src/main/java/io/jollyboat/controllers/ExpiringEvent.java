package io.jollyboat.controllers;

import java.time.Instant;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An event, of which only matters when it was last written.
 *
 * @param last the latest of its times
 */
record ExpiringEvent(Metadata metadata, Instant last) implements Mirrored {
    static ExpiringEvent of(ObjectNode object) {
        Instant last = Stream.of(
                        object.path("metadata").path("creationTimestamp"),
                        object.path("lastTimestamp"),
                        object.path("eventTime"),
                        object.path("series").path("lastObservedTime"))
                .map(ExpiringEvent::time)
                .max(Instant::compareTo)
                .orElse(Instant.EPOCH);
        return new ExpiringEvent(Metadata.of(object), last);
    }

    private static Instant time(JsonNode text) {
        return Condition.time(text.stringValue(""));
    }
}
