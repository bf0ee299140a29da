package io.jollyboat.server.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Watching an object from before it is made until it is gone. */
final class Watching {
    /** No longer than this is waited for an event that does not come. */
    private static final String END = "&timeoutSeconds=30";

    private Watching() {}

    static void watch(Trial trial) throws Exception {
        String all = trial.sample().collection();
        String version = trial.cluster().get(all).is(200).text("/metadata/resourceVersion");
        String path = all + "?watch=true&fieldSelector=metadata.name%3D"
                + trial.sample().name() + END;
        List<JsonNode> events;
        try (BufferedReader lines = trial.cluster().lines(path + "&resourceVersion=" + version)) {
            trial.make();
            trial.patch(Patching.MERGE, "", trial.sample().change()).is(200);
            trial.remove();
            events = untilDeleted(lines);
        }
        assertThat(events.stream().map(e -> e.path("type").asString()).distinct())
                .containsExactly("ADDED", "MODIFIED", "DELETED");
        assertThat(events.stream().map(e -> version(e))).isSorted().doesNotHaveDuplicates();
        assertThat(events).allSatisfy(event -> {
            assertThat(event.at("/object/kind").asString())
                    .isEqualTo(trial.resource().kind());
            assertThat(event.at("/object/apiVersion").asString())
                    .isEqualTo(trial.resource().apiVersion());
        });
        try (BufferedReader again = trial.cluster().lines(path + "&resourceVersion=" + version)) {
            assertThat(untilDeleted(again)).as("the same from history").isEqualTo(events);
        }
    }

    private static long version(JsonNode event) {
        return Long.parseLong(event.at("/object/metadata/resourceVersion").asString());
    }

    private static List<JsonNode> untilDeleted(BufferedReader lines) throws Exception {
        List<JsonNode> events = new ArrayList<>();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            JsonNode event = JsonMapper.shared().readTree(line);
            events.add(event);
            if (event.path("type").asString().equals("DELETED")) {
                return events;
            }
        }
        throw new AssertionError("the watch ended without DELETED after " + events);
    }
}
