package io.jollyboat.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jollyboat.cluster.ClusterException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestsTest {
    private static final String POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\n"
            + "spec: {containers: [{name: c, image: some/image}], initContainers: [{name: i, image: other}]}\n";

    @TempDir
    Path folder;

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private static AbstractThrowableAssert<?, ?> refused(Path file) {
        return assertThatThrownBy(() -> Manifests.read(List.of(file))).isInstanceOf(ClusterException.class);
    }

    @Test
    void objectsComeInTheOrderOfFilesAndDocuments() throws IOException {
        file("b.yaml", POD);
        file(
                "a.yml",
                "kind: Namespace\napiVersion: v1\nmetadata: {name: team}\n---\n---\n"
                        + POD.replace("{name: p}", "{name: q, namespace: team}"));
        file("notes.txt", "nothing");
        Manifests read = Manifests.read(List.of(folder));
        assertThat(read.applied().stream().map(target -> target.namespace() + "/" + target.name()))
                .containsExactly("/team", "team/q", "default/p");
        assertThat(read.images()).containsExactly("other", "some/image");
    }

    @Test
    void aListIsItsItems() throws IOException {
        Path list = file("l.json", """
                {"apiVersion": "v1", "kind": "List", "items": [
                  {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "one"}},
                  {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "two"}}]}
                """);
        assertThat(Manifests.read(List.of(list)).applied()).hasSize(2);
        refused(file("bad.yaml", "apiVersion: v1\nkind: List\nitems: [a]\n"))
                .hasMessage(folder + "/bad.yaml:1: the items of a List must be objects");
    }

    @Test
    void errorsNameFileAndLine() throws IOException {
        refused(file("kind.yaml", POD + "---\napiVersion: v1\nkind: Podd\nmetadata: {name: x}\n"))
                .hasMessage(folder + "/kind.yaml:6: no kind \"Podd\" is known in version \"v1\"");
        refused(file("name.yaml", "# a comment\n\napiVersion: v1\nkind: Pod\n"))
                .hasMessage(folder + "/name.yaml:3: this Pod has no metadata.name");
        refused(file("broken.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: x\nspec: 1\n"))
                .hasMessageStartingWith(folder + "/broken.yaml: ")
                .hasMessageContaining("line 3"); // as kubectl says it, which counts from the line before
        refused(file("text.yaml", "just words\n")).hasMessageContaining("line 1: an object is expected here");
        refused(file("broken.json", "{\"kind\": ")).hasMessageStartingWith(folder + "/broken.json: ");
    }

    @Test
    void whatIsNotThereIsNamed() throws IOException {
        refused(folder.resolve("none.yaml")).hasMessage("there is no file or folder " + folder + "/none.yaml");
        Path empty = Files.createDirectory(folder.resolve("empty"));
        refused(empty).hasMessage("the folder " + empty + " holds no manifest (*.yaml, *.yml, *.json)");
    }
}
