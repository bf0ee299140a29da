package io.jollyboat.server.validation;

/** Reads a list of indexes such as {@code 1,3-5}. */
final class Indexes {
    /** What is wrong with the list. */
    private static final class BadIndexes extends Exception {
        private static final long serialVersionUID = 1;

        private final String words;

        BadIndexes(String words) {
            super(words);
            this.words = words;
        }
    }

    private final long limit;
    private long last = -1;

    private Indexes(long limit) {
        this.limit = limit;
    }

    /**
     * How many there are; 0, and what is wrong is told, for a list that is none.
     *
     * @param limit the number that all are below
     */
    static long count(Place list, long limit) {
        Indexes indexes = new Indexes(limit);
        long total = 0;
        try {
            for (String interval :
                    list.text().isEmpty() ? new String[0] : list.text().split(",", -1)) {
                total += indexes.interval(interval);
            }
            return total;
        } catch (BadIndexes e) {
            list.invalid("error parsing succeededIndexes: " + e.words);
            return 0;
        }
    }

    private long interval(String interval) throws BadIndexes {
        String[] ends = interval.split("-", -1);
        if (ends.length > 2) {
            throw new BadIndexes(("the fragment \"%s\" violates the requirement that an index interval can have at most"
                            + " two parts separated by '-'")
                    .formatted(interval));
        }
        long first = next(ends[0]);
        return ends.length == 1 ? 1 : next(ends[1]) - first + 1;
    }

    private long next(String text) throws BadIndexes {
        if (!text.matches("[+-]?[0-9]{1,9}")) {
            throw new BadIndexes("cannot convert string to integer for index: \"" + text + "\"");
        }
        long index = Long.parseLong(text);
        if (index >= limit) {
            throw new BadIndexes("too large index: \"" + text + "\"");
        }
        if (index <= last) {
            throw new BadIndexes("non-increasing order, previous: %d, current: %d".formatted(last, index));
        }
        last = index;
        return index;
    }
}
