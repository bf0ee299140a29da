package io.jollyboat.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the comment of a Go declaration says: prose for people, and markers such as {@code +listType=map}. */
record Comment(List<String> lines) {
    /** The value of a marker; empty text for a marker without one. */
    Optional<String> marker(String name) {
        return markers(name).stream().findFirst();
    }

    List<String> markers(String name) {
        List<String> found = new ArrayList<>();
        for (String line : lines) {
            String text = line.strip();
            if (text.equals("+" + name)) {
                found.add("");
            } else if (text.startsWith("+" + name + "=")) {
                found.add(text.substring(name.length() + 2).strip());
            }
        }
        return found;
    }

    /**
     * The prose as Kubernetes' OpenAPI shows it: lines of a paragraph join, indented lines stand alone, markers and
     * notes to do are left out, and what follows a line of three dashes is for developers only.
     */
    String description() {
        StringBuilder text = new StringBuilder();
        for (String line : lines) {
            String bare = line.strip();
            if (line.strip().equals("---")) {
                break;
            }
            if (bare.startsWith("TODO") || bare.startsWith("+")) {
                continue;
            }
            if (bare.isEmpty()) {
                dropLast(text);
                text.append("\n\n");
            } else if (line.startsWith(" ") || line.startsWith("\t")) {
                dropLast(text);
                text.append('\n').append(line.stripTrailing()).append('\n');
            } else {
                text.append(line.stripTrailing()).append(' ');
            }
        }
        return text.toString().strip();
    }

    private static void dropLast(StringBuilder text) {
        if (!text.isEmpty()) {
            text.setLength(text.length() - 1);
        }
    }
}
