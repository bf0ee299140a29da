package io.jollyboat.schema;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Everything that is read: the artifacts' sources on the class path, and this module's own tables. */
final class Published {
    private static final String MESSAGES = "/io/kubernetes/client/proto/";
    private static final String MODELS = "/io/kubernetes/client/openapi/models/";

    private Published() {}

    static List<Message> messages(String file) {
        try (BufferedReader source = open(MESSAGES + file + ".java")
                .orElseThrow(() -> new IllegalStateException(
                        "client-java-proto's sources lack " + file + ": fix sources.txt for its new version"))) {
            return MessageReader.read(source);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The model class of a definition, under the first of the prefixes that has one. */
    static Optional<Model> model(List<String> prefixes, String kind) {
        for (String prefix : prefixes) {
            try (BufferedReader source = open(MODELS + prefix + kind + ".java").orElse(null)) {
                if (source != null) {
                    return Optional.of(Model.read(source));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return Optional.empty();
    }

    /** The lines of a table of this module that say something. */
    static List<String> lines(String table) {
        List<String> lines = new ArrayList<>();
        try (BufferedReader source = open("/io/jollyboat/schema/" + table).orElseThrow()) {
            for (String line; (line = source.readLine()) != null; ) {
                if (!line.isBlank() && !line.startsWith("#")) {
                    lines.add(line);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return lines;
    }

    private static Optional<BufferedReader> open(String path) {
        InputStream in = Published.class.getResourceAsStream(path);
        return Optional.ofNullable(in).map(i -> new BufferedReader(new InputStreamReader(i, StandardCharsets.UTF_8)));
    }
}
