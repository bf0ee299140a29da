package io.jollyboat.server;

import io.jollyboat.api.Meta;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** Gives new objects the finalizers of {@code protection.txt}, so that nobody deletes claims and volumes under those who use them. */
final class Protection implements Step {
    private static final Map<String, String> FINALIZERS = read();

    @Override
    public void take(Write write) {
        String finalizer = FINALIZERS.get(write.kind());
        if (finalizer != null
                && write.creates()
                && !Meta.finalizers(write.after()).contains(finalizer)) {
            ObjectNode metadata = Meta.writable(write.after());
            metadata.withArrayProperty("finalizers").add(finalizer);
        }
    }

    private static Map<String, String> read() {
        Map<String, String> finalizers = new HashMap<>();
        for (String line : Texts.lines("protection.txt")) {
            String[] column = line.split("\\s+");
            finalizers.put(column[0], column[1]);
        }
        return finalizers;
    }
}
