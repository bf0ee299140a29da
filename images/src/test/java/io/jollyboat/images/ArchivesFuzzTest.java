package io.jollyboat.images;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.testing.fuzz.FuzzContract;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Archives of images: one is loaded, or refused in words, and nothing is written outside the store's folder. */
class ArchivesFuzzTest extends FuzzContract {
    ArchivesFuzzTest() {
        super("archives.txt");
    }

    /** Each has a folder of its own. */
    @Override
    protected int mutations() {
        return 1_000;
    }

    @Override
    protected List<String> words() {
        return List.of(
                "index.json",
                "manifest.json",
                "\"manifests\":[",
                "\"digest\":\"sha256:",
                "\"Config\":",
                "\"Layers\":[",
                "\"RepoTags\":[",
                "../",
                "/",
                "null",
                "[]",
                "{}",
                "ustar",
                "././@LongLink",
                "path=");
    }

    @Override
    protected void take(byte[] input) throws IOException {
        Path folder = Files.createTempDirectory("archives");
        try {
            ImageStore store = new ImageStore(folder.resolve("in/images"));
            try {
                assertThat(new Archives(store).load(new ByteArrayInputStream(input)))
                        .isNotEmpty()
                        .allSatisfy(name -> assertThat(ImageName.parse(name)).hasToString(name));
                assertThat(store.names()).isNotEmpty();
            } catch (ImageException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
            assertThat(folder).isDirectoryNotContaining(file -> !file.endsWith("in"));
            assertThat(folder.resolve("in")).isDirectoryNotContaining(file -> !file.endsWith("images"));
        } finally {
            delete(folder);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
