package io.jollyboat.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Programs that we measure ourselves beside and that Debian does not have; {@code bench/peers/build} makes them. */
final class Peers {
    private static final Path FOLDER = Path.of(System.getProperty("jollyboat.bench.peers", "target/peers"));

    private Peers() {}

    /** Empty, and said, where it was not built. */
    static Optional<Path> find(String name) {
        Path program = FOLDER.resolve(name).toAbsolutePath();
        if (Files.isExecutable(program)) {
            return Optional.of(program);
        }
        System.out.println("left out: " + name + ", for there is no " + program + "; bench/peers/build makes it");
        return Optional.empty();
    }
}
