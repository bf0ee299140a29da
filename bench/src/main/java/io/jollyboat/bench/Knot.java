package io.jollyboat.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A knot server (Debian's {@code knot}) on loopback that knows one zone. */
final class Knot implements AutoCloseable {
    private final Process process;

    private Knot(Process process) {
        this.process = process;
    }

    /**
     * Starts it.
     *
     * @param workers threads for UDP
     * @param records lines of a zone file below the SOA record
     */
    static Knot start(Path folder, int port, int workers, String zone, List<String> records) throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve("zone");
        StringBuilder text = new StringBuilder("$ORIGIN %s.\n$TTL 5\n".formatted(zone));
        text.append("@ SOA ns.dns hostmaster 1 7200 1800 86400 5\n@ NS ns.dns\nns.dns A 127.0.0.1\n");
        records.forEach(line -> text.append(line).append('\n'));
        Files.writeString(file, text);
        Path settings = folder.resolve("knot.conf");
        Files.writeString(settings, """
                server:
                    listen: 127.0.0.1@%d
                    udp-workers: %d
                    tcp-workers: 1
                    background-workers: 1
                    rundir: %s
                log:
                  - target: stderr
                    any: error
                database:
                    storage: %s
                zone:
                  - domain: %s
                    file: %s
                    journal-content: none
                    zonefile-load: whole
                """.formatted(port, workers, folder, folder, zone, file));
        Process process = new ProcessBuilder("/usr/sbin/knotd", "-c", settings.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        return new Knot(process);
    }

    /** Processor time since its start. */
    Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
