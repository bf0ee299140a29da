package io.jollyboat.api.kinds;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The cells of events, which the two groups that serve them name differently. */
final class EventCells {
    static final Map<String, Cell.Rule> RULES = Map.of(
            "eventFirstSeen",
                    args -> (event, now) -> HumanDuration.since(first(event, List.of(args.get(0), "eventTime")), now),
            "eventLastSeen",
                    args -> (event, now) -> HumanDuration.since(
                            first(event, List.of("series.lastObservedTime", args.get(0), args.get(1), "eventTime")),
                            now),
            "eventCount", args -> (event, now) -> count(event, args.getFirst()),
            "eventSource", args -> (event, now) -> source(event, args.getFirst()));

    private EventCells() {}

    /** The first place that is filled. */
    private static String first(JsonNode event, List<String> paths) {
        return paths.stream()
                .map(path -> TextCells.text(event, path))
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElse("");
    }

    private static String count(JsonNode event, String path) {
        String count = first(event, List.of("series.count", path));
        return count.isEmpty() || count.equals("0") ? "1" : count;
    }

    /** Who saw it, and where. */
    private static String source(JsonNode event, String source) {
        String who = first(event, List.of(source + ".component", "reportingComponent", "reportingController"));
        String where = first(event, List.of(source + ".host", "reportingInstance"));
        return where.isEmpty() ? who : who + ", " + where;
    }
}
