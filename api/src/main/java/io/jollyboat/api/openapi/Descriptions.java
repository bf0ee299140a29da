package io.jollyboat.api.openapi;

import io.jollyboat.api.schema.SchemaTable;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** What definitions and fields are for, by {@code definition} and {@code definition field}; read anew for each document. */
final class Descriptions {
    private final Map<String, String> texts = new HashMap<>();

    static Descriptions read() {
        Descriptions descriptions = new Descriptions();
        try (InputStream in = SchemaTable.class.getResourceAsStream("descriptions.txt")) {
            if (in == null) {
                throw new IllegalStateException(
                        "descriptions.txt is missing from the api module: build the schema module");
            }
            var reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            String definition = "";
            for (String line; (line = reader.readLine()) != null; ) {
                int tab = line.indexOf('\t');
                String name = line.substring(0, tab);
                if (!name.startsWith(" ")) {
                    definition = name;
                }
                descriptions.texts.put(name.startsWith(" ") ? definition + name : name, line.substring(tab + 1));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return descriptions;
    }

    /** "" where there is none. */
    String of(String definition) {
        return plain(texts.getOrDefault(definition, ""));
    }

    String of(String definition, String field) {
        return plain(texts.getOrDefault(definition + " " + field, ""));
    }

    private static String plain(String text) {
        return text.indexOf('\\') < 0 ? text : text.translateEscapes();
    }
}
