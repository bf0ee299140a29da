package io.jollyboat.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.Streams.Page;
import io.jollyboat.linux.NetworkNamespace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeLogsTest {
    @TempDir
    private Path folder;

    private NodeLogs logs;

    @BeforeEach
    void files() throws IOException {
        NodeHost host = new NodeHost(
                "n",
                List.of("192.0.2.1"),
                List.of("10.0.0.0/24"),
                folder.resolve("socket"),
                folder,
                "/x",
                NetworkNamespace.own());
        Path main = Files.createDirectories(
                PodFiles.logs(host).resolve("ns_pod_uid").resolve("main"));
        Files.writeString(main.resolve("0.log"), "a line\n");
        Files.writeString(folder.resolve("secret"), "nobody's business");
        Files.createSymbolicLink(main.resolve("link"), folder.resolve("secret"));
        Files.createSymbolicLink(main.resolve("up"), folder);
        logs = new NodeLogs(host);
    }

    private String page(String path) {
        Optional<Page> page = logs.page(path);
        return page.map(found -> new String(found.content(), StandardCharsets.UTF_8))
                .orElse("none");
    }

    @Test
    void foldersAreListed() {
        assertThat(page("/logs/")).isEqualTo("<!doctype html>\n<pre>\n<a href=\"pods/\">pods/</a>\n</pre>\n");
        assertThat(page("/logs")).contains("<a href=\"logs/pods/\">pods/</a>");
        assertThat(page("/logs/pods/")).contains("<a href=\"ns_pod_uid/\">ns_pod_uid/</a>");
        assertThat(page("/logs/pods/ns_pod_uid")).contains("<a href=\"ns_pod_uid/main/\">main/</a>");
        assertThat(page("/logs/pods/ns_pod_uid/main/")).contains("<a href=\"0.log\">0.log</a>");
    }

    @Test
    void filesAreShown() {
        assertThat(page("/logs/pods/ns_pod_uid/main/0.log")).isEqualTo("a line\n");
    }

    @Test
    void nothingElseIs() {
        for (String path : List.of(
                "/logs/pods/../secret",
                "/logs/pods/ns_pod_uid/main/../../../../secret",
                "/logs/../secret",
                "/logs/secret",
                "/logs/pods/%2e%2e/secret",
                "/logs/pods/ns_pod_uid/main/link",
                "/logs/pods/ns_pod_uid/main/up/secret",
                "/logs/pods/none",
                "/logsx")) {
            assertThat(page(path)).as(path).isEqualTo("none");
        }
    }
}
