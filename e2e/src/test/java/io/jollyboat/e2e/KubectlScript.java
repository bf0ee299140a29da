package io.jollyboat.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The table {@code kubectl-script.txt}: commands, and what they shall say. */
final class KubectlScript {
    private static final Pattern WORD = Pattern.compile("(?:[^\\s']|'[^']*')+");
    private static final Pattern STEP =
            Pattern.compile("(?:1\\.(?<since>\\d+)\\+ )?(?<status>\\d+) \\| (?<command>.*?) \\|(?<says>.*)");
    private static final String FILE = "file ";

    private final List<String> lines;

    private KubectlScript(List<String> lines) {
        this.lines = lines;
    }

    /** @param words what stands for what */
    static KubectlScript with(Map<String, String> words) {
        try (InputStream in = KubectlScript.class.getResourceAsStream("kubectl-script.txt")) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            for (Map.Entry<String, String> word : words.entrySet()) {
                text = text.replaceAll(
                        "(?<![A-Z])" + word.getKey() + "(?![A-Z])", Matcher.quoteReplacement(word.getValue()));
            }
            return new KubectlScript(text.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void writeFiles(Path folder) throws IOException {
        for (String line : lines) {
            if (line.startsWith(FILE)) {
                String[] parts = line.split(" ", 3);
                Files.writeString(folder.resolve(parts[1]), parts[2]);
            }
        }
    }

    /** One command, and how it shall end. */
    record Step(List<String> command, int status, List<String> says) {
        /** Whether it goes on until it is told to end. */
        boolean forwards() {
            return command.getFirst().equals("port-forward");
        }

        /** What is wrong with how it ended; empty when nothing is. */
        Optional<String> complaint(Result result) {
            String all = result.out() + result.err();
            List<String> missing =
                    says.stream().filter(text -> !all.contains(text)).toList();
            return result.status() == status && missing.isEmpty()
                    ? Optional.empty()
                    : Optional.of("%s%nended with %d and said%n%s%nmissing: %s"
                            .formatted(result.command(), result.status(), all, missing));
        }
    }

    /** The steps for a kubectl of a version 1.NN. */
    List<Step> steps(int minor) {
        List<Step> steps = new ArrayList<>();
        for (String line : lines) {
            if (line.startsWith(FILE)) {
                continue;
            }
            Matcher step = STEP.matcher(line);
            if (!step.matches()) {
                throw new IllegalStateException("no step: " + line);
            }
            if (step.group("since") == null || Integer.parseInt(step.group("since")) <= minor) {
                steps.add(new Step(
                        WORD.matcher(step.group("command"))
                                .results()
                                .map(word -> word.group().replace("'", ""))
                                .toList(),
                        Integer.parseInt(step.group("status")),
                        Stream.of(step.group("says").split(" & "))
                                .map(String::strip)
                                .toList()));
            }
        }
        return steps;
    }
}
