package io.jollyboat.store;

import io.jollyboat.store.Store.Entry;
import io.jollyboat.store.Store.Outcome;
import io.jollyboat.world.World;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;

/**
 * The process that {@link KillTest} kills: writers that say on the standard output, one line each, what they were told,
 * {@code revision key number.} with number -1 for a deletion. The value is the number, many times over.
 *
 * <p>Arguments: folder, seed.
 */
final class KilledProcess {
    private static final int WRITERS = 8;
    private static final int MOST_WRITES = 100_000;
    private static final long GROWTH_BYTES = 100_000;

    private KilledProcess() {}

    public static void main(String[] args) {
        PrintStream out = new PrintStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)), true);
        LogStore store = LogStore.open(
                FolderDisk.open(Path.of(args[0])),
                World.system(),
                new History.Limits(1_000_000, Long.MAX_VALUE),
                GROWTH_BYTES);
        for (int i = 0; i < WRITERS; i++) {
            Random random = new Random(Long.parseLong(args[1]) * WRITERS + i);
            Thread.ofPlatform().start(() -> write(store, random, out));
        }
    }

    static byte[] value(int number) {
        return (number + " ").repeat(1 + number % 300).getBytes(StandardCharsets.US_ASCII);
    }

    private static void write(Store store, Random random, PrintStream out) {
        for (int i = 0; i < MOST_WRITES; i++) {
            String key = "k" + random.nextInt(50);
            int number = random.nextInt(6) == 0 ? -1 : random.nextInt(10_000);
            long expected = store.get(key).map(Entry::revision).orElse(0L);
            Optional<byte[]> value = number < 0 ? Optional.empty() : Optional.of(value(number));
            if (store.write(key, expected, value) instanceof Outcome.Written(long revision)) {
                out.println(revision + " " + key + " " + number + ".");
            }
        }
    }
}
