package io.jollyboat.server;

import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Events are stored as v1; events.k8s.io/v1 has other names for some of their fields. */
final class EventConversion {
    /** From the core name to the newer one. */
    private static final Map<String, String> NAMES = Map.of(
            "involvedObject", "regarding",
            "message", "note",
            "source", "deprecatedSource",
            "firstTimestamp", "deprecatedFirstTimestamp",
            "lastTimestamp", "deprecatedLastTimestamp",
            "count", "deprecatedCount",
            "reportingComponent", "reportingController");

    private EventConversion() {}

    static ObjectNode fromCore(ObjectNode event) {
        NAMES.forEach((core, newer) -> rename(event, core, newer));
        return event;
    }

    static ObjectNode toCore(ObjectNode event) {
        NAMES.forEach((core, newer) -> rename(event, newer, core));
        return event;
    }

    private static void rename(ObjectNode event, String from, String to) {
        JsonNode value = event.remove(from);
        if (value != null) {
            event.set(to, value);
        }
    }
}
