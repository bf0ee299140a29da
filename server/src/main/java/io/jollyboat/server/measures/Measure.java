package io.jollyboat.server.measures;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * One family of numbers for dashboards.
 *
 * @param type {@code counter}, {@code gauge} or {@code histogram}
 * @param samples in the order of their labels
 */
public record Measure(String name, String type, String help, List<Sample> samples) {
    /**
     * One number.
     *
     * @param suffix what follows the family's name: {@code _sum}, "" for none
     * @param labels as they are written, without braces
     */
    public record Sample(String suffix, String labels, double value) {}

    /** One number of a kind. */
    public static Measure gauge(String name, String help, double value) {
        return new Measure(name, "gauge", help, List.of(new Sample("", "", value)));
    }

    /** What only grows. */
    public static <K, V> Measure counters(
            String name, String help, Map<K, V> series, Function<K, String> labels, ToDoubleFunction<V> value) {
        return new Measure(name, "counter", help, numbers(series, labels, value));
    }

    public static <K, V> Measure gauges(
            String name, String help, Map<K, V> series, Function<K, String> labels, ToDoubleFunction<V> value) {
        return new Measure(name, "gauge", help, numbers(series, labels, value));
    }

    public static <K, V> Measure histograms(
            String name, String help, Map<K, V> series, Function<K, String> labels, Function<V, Histogram> histogram) {
        List<Sample> samples = new ArrayList<>();
        sorted(series, labels)
                .forEach((text, one) -> samples.addAll(histogram.apply(one).samples(text)));
        return new Measure(name, "histogram", help, samples);
    }

    private static <K, V> List<Sample> numbers(
            Map<K, V> series, Function<K, String> labels, ToDoubleFunction<V> value) {
        return sorted(series, labels).entrySet().stream()
                .map(one -> new Sample("", one.getKey(), value.applyAsDouble(one.getValue())))
                .toList();
    }

    /** By their labels, so that the text is the same for the same numbers. */
    private static <K, V> Map<String, V> sorted(Map<K, V> series, Function<K, String> labels) {
        Map<String, V> sorted = new TreeMap<>();
        series.forEach((key, one) -> sorted.put(labels.apply(key), one));
        return sorted;
    }
}
