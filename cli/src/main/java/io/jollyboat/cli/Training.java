package io.jollyboat.cli;

/** What every start does, done once so that the JVM can keep what it loaded and linked (JEP 483). */
final class Training {
    private Training() {}

    static void run() {
        Jolly.run("--help");
    }
}
