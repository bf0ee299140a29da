package io.jollyboat.server.validation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Shows how two values differ, as Kubernetes does in the refusal of a change: both as indented JSON, compared line by
 * line, in the form of a unified diff.
 *
 * <p>The lines that stay are found as Ratcliff and Obershelp's method does: the longest run of equal lines, then the same
 * to the left and to the right of it. In a text of {@link #LONG_TEXT} lines and more a line that makes up over a
 * hundredth of it begins no run, such as a lone bracket.
 *
 * <p>Worked example: of the lines {@code a b c d} and {@code a x c d} the longest run is {@code c d}, to the left of it
 * {@code a}; what is left over is {@code -b} and {@code +x}.
 */
final class Comparison {
    /** Beyond so many lines nothing is compared: the effort would grow with their square. */
    static final int LINES_LIMIT = 5_000;

    private static final int LONG_TEXT = 200;
    private static final int CONTEXT = 3;

    /** A run of equal lines: where it begins in both texts, and its length. */
    private record Run(int before, int after, int length) {}

    /** Lines of the first text that become lines of the second, or stay when {@code same}. */
    private record Step(boolean same, int before, int beforeEnd, int after, int afterEnd) {
        Step last(int lines) {
            return new Step(
                    same, Math.max(before, beforeEnd - lines), beforeEnd, Math.max(after, afterEnd - lines), afterEnd);
        }

        Step first(int lines) {
            return new Step(
                    same, before, Math.min(beforeEnd, before + lines), after, Math.min(afterEnd, after + lines));
        }
    }

    private final List<String> before;
    private final List<String> after;
    private final Map<String, List<Integer>> places = new HashMap<>();

    private Comparison(List<String> before, List<String> after) {
        this.before = before;
        this.after = after;
        for (int i = 0; i < after.size(); i++) {
            places.computeIfAbsent(after.get(i), line -> new ArrayList<>()).add(i);
        }
        if (after.size() >= LONG_TEXT) {
            places.values().removeIf(found -> found.size() > after.size() / 100 + 1);
        }
    }

    /** The differences, each line ended; nothing where there are none or the values are too long to compare. */
    static String of(JsonNode before, JsonNode after) {
        return ofLines(lines(before), lines(after));
    }

    static String ofLines(List<String> before, List<String> after) {
        if (Math.max(before.size(), after.size()) > LINES_LIMIT) {
            return "";
        }
        return new Comparison(before, after).unified();
    }

    private String unified() {
        StringBuilder text = new StringBuilder();
        for (List<Step> group : groups(steps(runs()))) {
            Step first = group.getFirst();
            Step last = group.getLast();
            text.append("@@ -")
                    .append(range(first.before(), last.beforeEnd()))
                    .append(" +")
                    .append(range(first.after(), last.afterEnd()))
                    .append(" @@\n");
            for (Step step : group) {
                before.subList(step.before(), step.beforeEnd())
                        .forEach(line -> text.append(step.same() ? ' ' : '-')
                                .append(line)
                                .append('\n'));
                if (!step.same()) {
                    after.subList(step.after(), step.afterEnd())
                            .forEach(line -> text.append('+').append(line).append('\n'));
                }
            }
        }
        return text.toString();
    }

    private static String range(int start, int end) {
        int length = end - start;
        return length == 1 ? Integer.toString(start + 1) : (length == 0 ? start : start + 1) + "," + length;
    }

    /** Steps with what stays around them, apart where more stays than is shown. */
    private static List<List<Step>> groups(List<Step> steps) {
        List<List<Step>> groups = new ArrayList<>();
        List<Step> group = new ArrayList<>();
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            boolean outer = i == 0 || i == steps.size() - 1;
            if (!step.same()) {
                group.add(step);
            } else if (outer) {
                group.add(i == 0 ? step.last(CONTEXT) : step.first(CONTEXT));
            } else if (step.beforeEnd() - step.before() > 2 * CONTEXT) {
                group.add(step.first(CONTEXT));
                groups.add(group);
                group = new ArrayList<>(List.of(step.last(CONTEXT)));
            } else {
                group.add(step);
            }
        }
        groups.add(group);
        return groups.stream()
                .filter(each -> each.stream().anyMatch(step -> !step.same()))
                .toList();
    }

    private List<Step> steps(List<Run> runs) {
        List<Step> steps = new ArrayList<>();
        int i = 0;
        int j = 0;
        for (Run run : runs) {
            if (i < run.before() || j < run.after()) {
                steps.add(new Step(false, i, run.before(), j, run.after()));
            }
            i = run.before() + run.length();
            j = run.after() + run.length();
            if (run.length() > 0) {
                steps.add(new Step(true, run.before(), i, run.after(), j));
            }
        }
        return steps;
    }

    /** All runs in order, those that touch as one, and an empty one at the end. */
    private List<Run> runs() {
        List<Run> found = new ArrayList<>();
        List<Step> open = new ArrayList<>(List.of(new Step(false, 0, before.size(), 0, after.size())));
        while (!open.isEmpty()) {
            Step part = open.removeLast();
            Run run = longest(part);
            if (run.length() > 0) {
                found.add(run);
                open.add(new Step(false, part.before(), run.before(), part.after(), run.after()));
                open.add(new Step(
                        false,
                        run.before() + run.length(),
                        part.beforeEnd(),
                        run.after() + run.length(),
                        part.afterEnd()));
            }
        }
        found.sort(Comparator.comparingInt(Run::before).thenComparingInt(Run::after));
        found.add(new Run(before.size(), after.size(), 0));
        List<Run> joined = new ArrayList<>();
        for (Run run : found) {
            Run last = joined.isEmpty() ? new Run(0, 0, 0) : joined.getLast();
            boolean touches = !joined.isEmpty()
                    && last.before() + last.length() == run.before()
                    && last.after() + last.length() == run.after()
                    && run.length() > 0;
            if (touches) {
                joined.removeLast();
                joined.add(new Run(last.before(), last.after(), last.length() + run.length()));
            } else {
                joined.add(run);
            }
        }
        return joined;
    }

    /** The longest run within a part, the first of several; lines that begin none may lengthen it. */
    private Run longest(Step part) {
        Run best = new Run(part.before(), part.after(), 0);
        Map<Integer, Integer> lengths = Map.of();
        for (int i = part.before(); i < part.beforeEnd(); i++) {
            Map<Integer, Integer> next = new HashMap<>();
            for (int j : places.getOrDefault(before.get(i), List.of())) {
                if (j < part.after() || j >= part.afterEnd()) {
                    continue;
                }
                int length = lengths.getOrDefault(j - 1, 0) + 1;
                next.put(j, length);
                if (length > best.length()) {
                    best = new Run(i - length + 1, j - length + 1, length);
                }
            }
            lengths = next;
        }
        return lengthened(best, part);
    }

    private Run lengthened(Run run, Step part) {
        int i = run.before();
        int j = run.after();
        while (i > part.before() && j > part.after() && before.get(i - 1).equals(after.get(j - 1))) {
            i--;
            j--;
        }
        int end = run.before() + run.length();
        int afterEnd = run.after() + run.length();
        while (end < part.beforeEnd()
                && afterEnd < part.afterEnd()
                && before.get(end).equals(after.get(afterEnd))) {
            end++;
            afterEnd++;
        }
        return new Run(i, j, end - i);
    }

    /** Indented by one blank a level, as Go does it. */
    static List<String> lines(JsonNode value) {
        List<String> lines = new ArrayList<>();
        write(value, "", "", "", lines);
        return lines;
    }

    private static void write(JsonNode value, String indent, String name, String end, List<String> lines) {
        if (!value.isContainer() || value.isEmpty()) {
            lines.add(indent + name + value + end);
            return;
        }
        String inner = indent + " ";
        boolean object = value.isObject();
        lines.add(indent + name + (object ? "{" : "["));
        int left = value.size();
        if (object) {
            for (Map.Entry<String, JsonNode> field : value.properties()) {
                left--;
                write(field.getValue(), inner, "\"" + field.getKey() + "\": ", left > 0 ? "," : "", lines);
            }
        } else {
            for (JsonNode element : value) {
                left--;
                write(element, inner, "", left > 0 ? "," : "", lines);
            }
        }
        lines.add(indent + (object ? "}" : "]") + end);
    }
}
