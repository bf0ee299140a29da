package io.jollyboat.schema;

import java.util.List;

/**
 * A protobuf message as its published source declares it.
 *
 * @param name with its package, such as {@code k8s.io.api.core.v1.Pod}
 * @param comment the lines above it, markers included
 */
record Message(String name, List<String> comment, List<Entry> entries) {
    /**
     * One field of it.
     *
     * @param type as written: {@code string}, {@code .k8s.io.api.core.v1.PodSpec}, {@code map<string, bytes>}
     */
    record Entry(String name, String type, boolean repeated, int number, List<String> comment) {}

    Message {
        comment = List.copyOf(comment);
        entries = List.copyOf(entries);
    }

    /** The definition's name in OpenAPI, such as {@code io.k8s.api.core.v1.Pod}. */
    String definition() {
        return definition(name);
    }

    static String definition(String message) {
        String plain = message.startsWith(".") ? message.substring(1) : message;
        return "io.k8s." + plain.substring("k8s.io.".length()).replace('_', '-');
    }
}
