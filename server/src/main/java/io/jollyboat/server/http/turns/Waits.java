package io.jollyboat.server.http.turns;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** How long requests waited, in the steps that dashboards of Kubernetes know. */
final class Waits {
    private static final double[] STEPS = {0, 0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30};

    private final LongAdder[] counts = new LongAdder[STEPS.length + 1];
    private final LongAdder nanos = new LongAdder();

    Waits() {
        for (int i = 0; i < counts.length; i++) {
            counts[i] = new LongAdder();
        }
    }

    void add(Duration waited) {
        double seconds = waited.toNanos() / 1e9;
        int step = 0;
        while (step < STEPS.length && seconds > STEPS[step]) {
            step++;
        }
        counts[step].increment();
        nanos.add(waited.toNanos());
    }

    List<Measure.Sample> samples(String labels) {
        List<Measure.Sample> samples = new ArrayList<>();
        long sum = 0;
        for (int i = 0; i < counts.length; i++) {
            sum += counts[i].sum();
            String upTo = i == STEPS.length ? "+Inf" : STEPS[i] % 1 == 0 ? "" + (long) STEPS[i] : "" + STEPS[i];
            samples.add(new Measure.Sample("_bucket", labels + ",le=\"" + upTo + "\"", sum));
        }
        samples.add(new Measure.Sample("_sum", labels, nanos.sum() / 1e9));
        samples.add(new Measure.Sample("_count", labels, sum));
        return samples;
    }
}
