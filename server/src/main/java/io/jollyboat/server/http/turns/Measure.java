package io.jollyboat.server.http.turns;

import java.util.SortedMap;

/**
 * One family of numbers for dashboards.
 *
 * @param type {@code counter} or {@code gauge}
 * @param values by their labels as they are written, without braces
 */
public record Measure(String name, String type, String help, SortedMap<String, Double> values) {}
