package io.jollyboat.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.store.Changes.Change;
import io.jollyboat.world.World;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.io.TempDir;

/** A process that writes is killed with SIGKILL, twice over the same store; all that it was told must be there. */
class KillTest {
    private static final History.Limits LIMITS = new History.Limits(1_000_000, Long.MAX_VALUE);

    @TempDir
    Path folder;

    @RepeatedTest(8)
    void acknowledgedWritesOutliveTheProcess(RepetitionInfo repetition) throws IOException, InterruptedException {
        long seed = World.system().random().nextLong(1_000_000);
        System.out.println("kill test " + repetition.getCurrentRepetition() + ", seed " + seed);
        Random random = new Random(seed);
        TreeMap<Long, String> told = new TreeMap<>();
        for (int life = 0; life < 2; life++) {
            int before = told.size();
            runAndKill(seed + life, 1 + random.nextInt(3_000), told);
            assertThat(told).as("seed %d", seed).hasSizeGreaterThan(before);
            check(told);
        }
    }

    /** Lets the process write until it was told so many times, kills it, and notes all that it was told. */
    private void runAndKill(long seed, int lines, TreeMap<Long, String> told) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledProcess.class.getName(),
                        folder.toString(),
                        String.valueOf(seed))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader reader = process.inputReader()) {
            String line = reader.readLine();
            for (int i = 0; line != null; i++) {
                note(line, told);
                if (i == lines) {
                    process.toHandle().destroyForcibly(); // leaves what it said to be read
                }
                line = reader.readLine();
            }
        } finally {
            process.toHandle().destroyForcibly();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** A line that was cut in the middle, when the process died while it wrote, has no full stop. */
    private static void note(String line, TreeMap<Long, String> told) {
        if (line.endsWith(".")) {
            String[] words = line.split("[ .]");
            told.put(Long.parseLong(words[0]), words[1] + " " + words[2]);
        }
    }

    private void check(TreeMap<Long, String> told) throws InterruptedException {
        try (LogStore store = LogStore.open(FolderDisk.open(folder), World.system(), LIMITS, Compactor.GROWTH_BYTES);
                Changes changes = store.watch("", 0)) {
            assertThat(store.revision()).isGreaterThanOrEqualTo(told.lastKey());
            long revision = 0;
            while (revision < store.revision()) {
                List<Change> next = changes.next(Duration.ZERO);
                assertThat(next).isNotEmpty();
                for (Change change : next) {
                    revision++;
                    assertThat(change.revision()).isEqualTo(revision);
                    String found = show(change);
                    assertThat(found).isEqualTo(told.getOrDefault(revision, found));
                }
            }
            assertThat(store.engine.latest().entries().sound()).isTrue();
        }
    }

    /** As the process printed it; a half value is no value. */
    private static String show(Change change) {
        int number = change.bytes()
                .map(bytes -> Integer.parseInt(new String(bytes, 0, indexOfSpace(bytes))))
                .orElse(-1);
        change.bytes().ifPresent(bytes -> assertThat(bytes).isEqualTo(KilledProcess.value(number)));
        return change.key() + " " + number;
    }

    private static int indexOfSpace(byte[] bytes) {
        int at = 0;
        while (bytes[at] != ' ') {
            at++;
        }
        return at;
    }
}
