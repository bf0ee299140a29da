package io.jollyboat.bench;

import java.util.Arrays;

/** Times of one thing that was done again and again. */
final class Sample {
    private long[] nanos = new long[1024];
    private int size;

    void add(long time) {
        if (size == nanos.length) {
            nanos = Arrays.copyOf(nanos, size * 2);
        }
        nanos[size++] = time;
    }

    void addAll(Sample other) {
        for (int i = 0; i < other.size; i++) {
            add(other.nanos[i]);
        }
    }

    int size() {
        return size;
    }

    /** Milliseconds that so many of a hundred took at most. */
    double at(int percent) {
        long[] sorted = Arrays.copyOf(nanos, size);
        Arrays.sort(sorted);
        return size == 0 ? 0 : sorted[Math.min(size - 1, size * percent / 100)] / 1e6;
    }
}
