package io.jollyboat.node;

/** One metric in Prometheus' form; nothing while it has no values. */
final class Metric {
    private final StringBuilder text = new StringBuilder();
    private final String name;
    private final String head;

    Metric(String name, String type, String help) {
        this.name = name;
        this.head = "# HELP %s %s\n# TYPE %s %s\n".formatted(name, help, name, type);
    }

    /** @param labels in braces, "" for none */
    void add(String labels, double value) {
        text.append(name).append(labels).append(' ').append(value).append('\n');
    }

    String text() {
        return text.isEmpty() ? "" : head + text;
    }
}
