package io.jollyboat.api.kinds;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Reads tables of text that stand beside a class. A line that begins at the margin is a heading, which may name several
 * subjects with commas between; indented lines are its rows, their columns two or more spaces apart. Lines that begin
 * with {@code #} are comments.
 */
public final class TextTable {
    private TextTable() {}

    /** The rows under each subject, in the order of the file; a subject may have several headings. */
    public static Map<String, List<List<String>>> sections(Class<?> beside, String file) {
        Map<String, List<List<String>>> sections = new LinkedHashMap<>();
        List<List<List<String>>> open = List.of();
        for (String line : lines(beside, file)) {
            if (Character.isWhitespace(line.charAt(0))) {
                List<String> row = List.of(line.strip().split(" {2,}"));
                if (open.isEmpty()) {
                    throw new IllegalStateException(file + ": a row before the first heading: " + line);
                }
                open.forEach(rows -> rows.add(row));
            } else {
                open = Stream.of(line.strip().split(", "))
                        .map(subject -> sections.computeIfAbsent(subject, key -> new ArrayList<>()))
                        .toList();
            }
        }
        return sections;
    }

    /** The rows of a file without headings. */
    public static List<List<String>> rows(Class<?> beside, String file) {
        return lines(beside, file).stream()
                .map(line -> List.of(line.strip().split(" {2,}")))
                .toList();
    }

    private static List<String> lines(Class<?> beside, String file) {
        try (InputStream in = beside.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException(file + " is missing beside " + beside.getName());
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.strip().startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
