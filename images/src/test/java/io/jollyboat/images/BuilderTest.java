package io.jollyboat.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class BuilderTest {
    @TempDir
    Path folder;

    @Test
    void anImageSaysWhatRunsWithWhichArgumentsAndAsWhom() throws IOException {
        JsonNode config = configuration("entrypoint: [/app/serve]\ncommand: [--port, 80]\nuser: 1234\n");
        assertThat(config.get("Entrypoint").toString()).isEqualTo("[\"/app/serve\"]");
        assertThat(config.get("Cmd").toString()).isEqualTo("[\"--port\",\"80\"]");
        assertThat(config.get("User").asString()).isEqualTo("1234");
    }

    @Test
    void whatARecipeDoesNotSayIsLeftOutOfTheImage() throws IOException {
        JsonNode config = configuration("command: [/app/serve]\n");
        assertThat(config.has("Entrypoint")).isFalse();
        assertThat(config.has("User")).isFalse();
        assertThat(config.get("Cmd").toString()).isEqualTo("[\"/app/serve\"]");
    }

    @Test
    void furtherNamesOfAProgramAreLinksBesideIt() throws IOException {
        Files.writeString(
                folder.resolve(Recipe.FILE),
                "name: team/app\nlinks: {/usr/bin/vi: /bin/vi}\nnames:\n  /bin/busybox: [sh, true]\n  /serve: [answer]\n");
        assertThat(Recipe.read(folder).links())
                .containsOnly(
                        Map.entry("/usr/bin/vi", "/bin/vi"),
                        Map.entry("/bin/sh", "busybox"),
                        Map.entry("/bin/true", "busybox"),
                        Map.entry("/answer", "serve"));
    }

    /** What a container gets from an image built after such a recipe. */
    private JsonNode configuration(String recipe) throws IOException {
        Files.writeString(folder.resolve(Recipe.FILE), "name: team/app\nfolders: [/tmp]\n" + recipe);
        byte[] archive = Builder.build(Recipe.read(folder));
        try (var tar = new TarArchiveInputStream(new ByteArrayInputStream(archive))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                byte[] content = tar.readAllBytes();
                if (new String(content, StandardCharsets.UTF_8).startsWith("{\"architecture\"")) {
                    return new JsonMapper().readTree(content).get("config");
                }
            }
        }
        throw new AssertionError("the archive has no configuration");
    }
}
