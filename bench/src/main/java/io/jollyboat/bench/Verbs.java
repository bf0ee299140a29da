package io.jollyboat.bench;

import java.util.Map;
import java.util.TreeMap;

/** How long calls took, by what was called. Any thread may add. */
final class Verbs {
    private Map<String, Sample> samples = new TreeMap<>(); // guarded by this

    synchronized void add(String verb, long nanos) {
        samples.computeIfAbsent(verb, absent -> new Sample()).add(nanos);
    }

    /** What was added since this was asked last. */
    synchronized Map<String, Sample> take() {
        Map<String, Sample> taken = samples;
        samples = new TreeMap<>();
        return taken;
    }
}
