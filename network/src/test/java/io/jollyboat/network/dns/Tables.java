package io.jollyboat.network.dns;

import io.jollyboat.network.EndpointSlice;
import io.jollyboat.network.LiveTable;
import io.jollyboat.network.Service;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Service tables from YAML. */
final class Tables {
    private static final JsonMapper JSON = new JsonMapper();

    private Tables() {}

    /** The table of the objects in {@code objects.yaml}. */
    static LiveTable ofObjects() {
        try (InputStream in = Tables.class.getResourceAsStream("objects.yaml")) {
            LiveTable table = new LiveTable();
            add(table, new String(in.readAllBytes(), StandardCharsets.UTF_8));
            return table;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Puts Services and EndpointSlices into a table. */
    static void add(LiveTable table, String yaml) {
        for (Object document : new Load(LoadSettings.builder().build()).loadAllFromString(yaml)) {
            ObjectNode object = JSON.valueToTree(document);
            if (object.path("kind").stringValue("").equals("Service")) {
                table.put(Service.of(object));
            } else {
                table.put(EndpointSlice.of(object));
            }
        }
    }
}
