package io.jollyboat.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What groups of processes use, as /proc tells it. */
final class Processes {
    private static final double TICKS_PER_SECOND = 100;
    private static final int USER_TICKS = 11; // counted from behind the program's name
    private static final int SYSTEM_TICKS = 12;

    private Processes() {}

    /** Processes of which a word of the command line ends with {@code program} and one holds {@code with}. */
    static List<Long> of(String program, String with) {
        return ProcessHandle.allProcesses()
                .map(ProcessHandle::pid)
                .filter(id -> matches(words(id), program, with))
                .toList();
    }

    private static boolean matches(List<String> words, String program, String with) {
        return !words.isEmpty()
                && words.getFirst().endsWith(program)
                && words.stream().anyMatch(word -> word.contains(with));
    }

    private static List<String> words(long process) {
        return List.of(read(process, "cmdline").split("\0"));
    }

    /** Mebibytes of main memory that they hold. */
    static double mebibytes(List<Long> processes) {
        long kibibytes = processes.stream()
                .flatMap(id -> read(id, "status").lines())
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
        return kibibytes / 1024.0;
    }

    /** Seconds of processor time that they have used since they began. */
    static double processorSeconds(List<Long> processes) {
        double ticks = 0;
        for (long id : processes) {
            String stat = read(id, "stat");
            String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ");
            if (fields.length > SYSTEM_TICKS) {
                ticks += Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS]);
            }
        }
        return ticks / TICKS_PER_SECOND;
    }

    private static String read(long process, String file) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process), file));
        } catch (IOException e) {
            return ""; // it has ended
        }
    }
}
