package io.jollyboat.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A CoreDNS on loopback that serves a zone file with one thread; without caches or logs. */
final class CoreDns implements AutoCloseable {
    private final Process process;

    private CoreDns(Process process) {
        this.process = process;
    }

    static CoreDns start(Path program, Path folder, int port, String zone, Path file) throws IOException {
        Path settings = Files.createDirectories(folder).resolve("Corefile");
        Files.writeString(settings, """
                %s:%d {
                    bind 127.0.0.1
                    file %s
                }
                """.formatted(zone, port, file));
        ProcessBuilder builder = new ProcessBuilder(program.toString(), "-conf", settings.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile());
        builder.environment().put("GOMAXPROCS", "1");
        return new CoreDns(builder.start());
    }

    /** Processor time since its start. */
    Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    @Override
    public void close() {
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
