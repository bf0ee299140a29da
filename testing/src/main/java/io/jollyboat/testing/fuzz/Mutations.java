package io.jollyboat.testing.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Inputs made of seeds by chance, which a seed number fixes: bytes changed, pieces moved, doubled, taken out. */
final class Mutations {
    /** No input grows beyond. */
    static final int LONGEST = 64 << 10;

    private static final int MOST_STEPS = 5;
    private static final int MOST_COPIES = 200;

    private final Random random;
    private final List<byte[]> seeds;
    private final List<byte[]> words;

    Mutations(long seed, List<byte[]> seeds, List<String> words) {
        this.random = new Random(seed);
        this.seeds = List.copyOf(seeds);
        this.words = words.stream()
                .map(word -> word.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    byte[] next() {
        byte[] input = any(seeds);
        for (int steps = 1 + random.nextInt(MOST_STEPS); steps > 0; steps--) {
            input = step(input);
        }
        return input.length > LONGEST ? Arrays.copyOf(input, LONGEST) : input;
    }

    private byte[] any(List<byte[]> from) {
        return from.get(random.nextInt(from.size()));
    }

    private byte[] step(byte[] input) {
        int at = random.nextInt(input.length + 1);
        int end = at + random.nextInt(Math.min(input.length - at, 32) + 1);
        return switch (random.nextInt(9)) {
            case 0 -> replaced(input, at, end, new byte[0]);
            case 1 -> Arrays.copyOf(input, at);
            case 2 -> changed(input, at, random.nextInt(256));
            case 3 -> changed(input, at, at < input.length ? input[at] ^ 1 << random.nextInt(8) : 0);
            case 4 -> replaced(input, at, at, copies(input, at, end));
            case 5 -> replaced(input, at, end, piece(any(seeds)));
            case 6 -> replaced(input, at, end, piece(input));
            case 7 -> words.isEmpty() ? input : replaced(input, at, at, any(words));
            default -> words.isEmpty() ? input : replaced(input, at, end, any(words));
        };
    }

    private static byte[] changed(byte[] input, int at, int value) {
        byte[] changed = input.clone();
        if (at < changed.length) {
            changed[at] = (byte) value;
        }
        return changed;
    }

    private byte[] copies(byte[] input, int at, int end) {
        int times = random.nextInt(8) == 0 ? random.nextInt(MOST_COPIES) : 1;
        byte[] all = new byte[(end - at) * times];
        for (int i = 0; i < times; i++) {
            System.arraycopy(input, at, all, i * (end - at), end - at);
        }
        return all;
    }

    private byte[] piece(byte[] input) {
        int from = random.nextInt(input.length + 1);
        int length = random.nextInt(Math.min(input.length - from, 64) + 1);
        return Arrays.copyOfRange(input, from, from + length);
    }

    private static byte[] replaced(byte[] input, int at, int end, byte[] by) {
        byte[] result = new byte[input.length - (end - at) + by.length];
        System.arraycopy(input, 0, result, 0, at);
        System.arraycopy(by, 0, result, at, by.length);
        System.arraycopy(input, end, result, at + by.length, input.length - end);
        return result;
    }
}
