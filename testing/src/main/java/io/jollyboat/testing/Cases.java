package io.jollyboat.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads cases from a text file that stands beside a test: {@code == name} begins one, a line of {@code --} divides its
 * parts (what goes in, what comes out).
 */
public final class Cases {
    /** One case; the parts end without a line break. */
    public record Case(String name, List<String> parts) {
        public Case {
            parts = List.copyOf(parts);
        }

        public String part(int index) {
            return index < parts.size() ? parts.get(index) : "";
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private Cases() {}

    /** All cases of the file, at least one. */
    public static List<Case> read(Class<?> beside, String file) {
        List<Case> cases = new ArrayList<>();
        for (String block : ("\n" + text(beside, file)).split("\n== ")) {
            if (!block.isBlank() && !block.strip().startsWith("#")) {
                int end = block.indexOf('\n');
                String name = end < 0 ? block : block.substring(0, end);
                String rest = end < 0 ? "" : block.substring(end);
                List<String> parts = new ArrayList<>();
                for (String part : rest.split("\n--(?=\n|$)", -1)) {
                    parts.add(part.strip());
                }
                cases.add(new Case(name.strip(), parts));
            }
        }
        if (cases.isEmpty()) {
            throw new IllegalStateException(file + " holds no case");
        }
        return cases;
    }

    private static String text(Class<?> beside, String file) {
        try (InputStream in = beside.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException(file + " is missing beside " + beside.getName());
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
