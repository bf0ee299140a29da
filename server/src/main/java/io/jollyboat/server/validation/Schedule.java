package io.jollyboat.server.validation;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Reads a CronJob's schedule far enough to say what is wrong with it: five fields of numbers, ranges and steps, or a
 * word such as {@code @daily}. The words are those of the library that Kubernetes uses.
 */
final class Schedule {
    /** The schedule is none; says why. */
    static final class BadSchedule extends Exception {
        private static final long serialVersionUID = 1;

        private final String words;

        BadSchedule(String words) {
            super(words);
            this.words = words;
        }

        String words() {
            return words;
        }
    }

    private record Field(int least, int most, Map<String, Integer> names) {}

    private static final Map<String, Integer> MONTHS = Map.ofEntries(
            Map.entry("jan", 1),
            Map.entry("feb", 2),
            Map.entry("mar", 3),
            Map.entry("apr", 4),
            Map.entry("may", 5),
            Map.entry("jun", 6),
            Map.entry("jul", 7),
            Map.entry("aug", 8),
            Map.entry("sep", 9),
            Map.entry("oct", 10),
            Map.entry("nov", 11),
            Map.entry("dec", 12));
    private static final Map<String, Integer> DAYS =
            Map.of("sun", 0, "mon", 1, "tue", 2, "wed", 3, "thu", 4, "fri", 5, "sat", 6);
    private static final List<Field> FIELDS = List.of(
            new Field(0, 59, Map.of()),
            new Field(0, 23, Map.of()),
            new Field(1, 31, Map.of()),
            new Field(1, 12, MONTHS),
            new Field(0, 6, DAYS));
    private static final Set<String> DESCRIPTORS =
            Set.of("@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly");

    private Schedule() {}

    static void check(String text) throws BadSchedule {
        if (text.startsWith("@")) {
            if (!DESCRIPTORS.contains(text) && !text.matches("@every ([0-9.]+(h|m|s|ms|us|ns))+")) {
                throw new BadSchedule(
                        text.startsWith("@every ")
                                ? "failed to parse duration " + text + ": time: invalid duration \"" + text.substring(7)
                                        + "\""
                                : "unrecognized descriptor: " + text);
            }
            return;
        }
        List<String> fields = text.isBlank() ? List.of() : List.of(text.strip().split("\\s+"));
        if (fields.size() != FIELDS.size()) {
            throw new BadSchedule(
                    "expected exactly 5 fields, found " + fields.size() + ": [" + String.join(" ", fields) + "]");
        }
        for (int i = 0; i < fields.size(); i++) {
            for (String expression : fields.get(i).split(",")) {
                range(expression, FIELDS.get(i));
            }
        }
    }

    private static void range(String expression, Field field) throws BadSchedule {
        String[] rangeAndStep = expression.split("/", -1);
        String[] ends = rangeAndStep[0].split("-", -1);
        int start;
        int end;
        if (ends[0].equals("*") || ends[0].equals("?")) {
            start = field.least;
            end = field.most;
        } else {
            start = number(ends[0], field);
            if (ends.length > 2) {
                throw new BadSchedule("too many hyphens: " + expression);
            }
            end = ends.length == 2 ? number(ends[1], field) : rangeAndStep.length > 1 ? field.most : start;
        }
        if (rangeAndStep.length > 2) {
            throw new BadSchedule("too many slashes: " + expression);
        }
        int step = rangeAndStep.length == 2 ? number(rangeAndStep[1], new Field(0, 0, Map.of())) : 1;
        checkBounds(expression, field, start, end);
        if (step == 0) {
            throw new BadSchedule("step of range should be a positive number: " + expression);
        }
    }

    private static void checkBounds(String expression, Field field, int start, int end) throws BadSchedule {
        if (start < field.least) {
            throw new BadSchedule(
                    "beginning of range (%d) below minimum (%d): %s".formatted(start, field.least, expression));
        }
        if (end > field.most) {
            throw new BadSchedule("end of range (%d) above maximum (%d): %s".formatted(end, field.most, expression));
        }
        if (start > end) {
            throw new BadSchedule(
                    "beginning of range (%d) beyond end of range (%d): %s".formatted(start, end, expression));
        }
    }

    private static int number(String text, Field field) throws BadSchedule {
        Integer named = field.names.get(text.toLowerCase(Locale.ROOT));
        if (named != null) {
            return named;
        }
        if (!text.matches("[+-]?[0-9]{1,9}")) {
            throw new BadSchedule(
                    "failed to parse int from %s: strconv.Atoi: parsing \"%s\": invalid syntax".formatted(text, text));
        }
        int number = Integer.parseInt(text);
        if (number < 0) {
            throw new BadSchedule("negative number (%d) not allowed: %s".formatted(number, text));
        }
        return number;
    }
}
