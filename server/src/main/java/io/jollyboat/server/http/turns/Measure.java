package io.jollyboat.server.http.turns;

import java.util.List;

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
}
