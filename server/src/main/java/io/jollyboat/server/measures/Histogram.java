package io.jollyboat.server.measures;

import io.jollyboat.api.GoText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/** How often values came, by steps that dashboards of Kubernetes know. Any number of threads may add. */
public final class Histogram {
    private final double[] steps;
    private final LongAdder[] counts;
    private final DoubleAdder sum = new DoubleAdder();

    /** @param steps in rising order, each the largest value that belongs to it; not to be changed afterwards */
    public Histogram(double[] steps) {
        this.steps = steps;
        this.counts = new LongAdder[steps.length + 1];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = new LongAdder();
        }
    }

    /** Steps that grow by a factor. */
    public static double[] growing(double first, double factor, int count) {
        double[] steps = new double[count];
        double step = first;
        for (int i = 0; i < count; i++) {
            steps[i] = step;
            step *= factor;
        }
        return steps;
    }

    public void add(double value) {
        int step = 0;
        while (step < steps.length && value > steps[step]) {
            step++;
        }
        counts[step].increment();
        sum.add(value);
    }

    /** How many values came. */
    public long count() {
        long all = 0;
        for (LongAdder each : counts) {
            all += each.sum();
        }
        return all;
    }

    /** In seconds. */
    public void add(Duration took) {
        add(took.toNanos() / 1e9);
    }

    /** @param labels as they are written, without braces; "" for none */
    public List<Measure.Sample> samples(String labels) {
        String before = labels.isEmpty() ? "" : labels + ",";
        List<Measure.Sample> samples = new ArrayList<>(counts.length + 2);
        long all = 0;
        for (int i = 0; i < counts.length; i++) {
            all += counts[i].sum();
            String upTo = i == steps.length ? "+Inf" : GoText.real(steps[i]);
            samples.add(new Measure.Sample("_bucket", before + "le=\"" + upTo + "\"", all));
        }
        samples.add(new Measure.Sample("_sum", labels, sum.sum()));
        samples.add(new Measure.Sample("_count", labels, all));
        return samples;
    }
}
