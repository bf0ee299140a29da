package io.jollyboat.schema;

import java.util.List;

/**
 * Where the types of one API package are read: a row of {@code sources.txt}.
 *
 * @param file the Java class of its messages, {@code -} for none
 * @param definitions the package's name in OpenAPI
 * @param groupVersion as in {@code apiVersion}, {@code -} for none
 * @param prefixes of the model classes, in the order in which to try them
 */
record Source(String file, String definitions, String groupVersion, List<String> prefixes) {
    static List<Source> all() {
        return Published.lines("sources.txt").stream().map(Source::of).toList();
    }

    private static Source of(String line) {
        String[] column = line.split(" +");
        return new Source(column[0], column[1], column[2], List.of(column[3].split(",")));
    }
}
