package io.jollyboat.node;

import io.jollyboat.node.Observed.Run;
import io.jollyboat.node.Pod.Container;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What a container left as its last words: its message file, or the end of its log where it failed and asks so. */
final class TerminationMessages {
    private static final int LIMIT = 4096;
    private static final int LOG_LIMIT = 2048;
    private static final int LOG_LINES = 80;

    private final PodFiles files;

    TerminationMessages(PodFiles files) {
        this.files = files;
    }

    String of(Pod pod, Run run) {
        String policy = pod.container(run.container())
                .map(Container::spec)
                .map(spec -> spec.path("terminationMessagePolicy").stringValue("File"))
                .orElse("File");
        String message = read(files.terminationMessage(run.container(), run.attempt()), LIMIT, false);
        if (message.isEmpty() && policy.equals("FallbackToLogsOnError") && run.exitCode() != 0) {
            List<String> lines = read(files.log(run.container(), run.attempt()), 2 * LOG_LIMIT, true)
                    .lines()
                    .map(TerminationMessages::words)
                    .toList();
            String text = String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()));
            message = text.substring(Math.max(0, text.length() - LOG_LIMIT));
        }
        return message;
    }

    /** A log line without its time, stream and flag. */
    private static String words(String line) {
        String[] column = line.split(" ", 4);
        return column.length == 4 ? column[3] : line;
    }

    private static String read(Path path, int limit, boolean fromEnd) {
        if (!Files.isRegularFile(path)) {
            return "";
        }
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
            if (fromEnd) {
                file.seek(Math.max(0, file.length() - limit));
            }
            byte[] bytes = new byte[(int) Math.min(limit, file.length() - file.getFilePointer())];
            file.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }
}
