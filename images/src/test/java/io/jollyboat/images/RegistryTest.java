package io.jollyboat.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jollyboat.testing.Need;
import io.jollyboat.testing.Needs;
import io.jollyboat.world.World;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryTest {
    @TempDir
    Path folder;

    private ImageStore store;
    private Registry registry;
    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeEach
    void start() {
        store = new ImageStore(folder.resolve("images"));
        registry = Registry.start(store, World.system(), new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    private byte[] built(String name) throws IOException {
        Path recipe = Files.createDirectories(folder.resolve("recipe"));
        Files.writeString(recipe.resolve("serve"), "#!/bin/sh\n");
        recipe.resolve("serve").toFile().setExecutable(true);
        Files.writeString(
                recipe.resolve("image.yaml"),
                "name: " + name + "\nfiles: {/app/serve: serve}\nlinks: {/bin/sh: busybox}\nfolders: [/tmp]\n"
                        + "command: [/app/serve]\nports: [80]\n");
        return Builder.build(Recipe.read(recipe));
    }

    private HttpResponse<String> send(String method, String path, byte[] body)
            throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + registry.port() + path);
        return client.send(
                HttpRequest.newBuilder(uri)
                        .method(method, BodyPublishers.ofByteArray(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send("GET", path, new byte[0]);
    }

    @Test
    void aBuiltImageIsLoadedAndPulledByContentAndByName() throws Exception {
        HttpResponse<String> loaded = send("POST", "/archives", built("kiamol/ch03-sleep"));
        assertThat(loaded.body()).isEqualTo("kiamol/ch03-sleep:latest");
        HttpResponse<String> manifest = get("/v2/kiamol/ch03-sleep/manifests/latest?ns=docker.io");
        assertThat(manifest.statusCode()).isEqualTo(200);
        assertThat(manifest.headers().firstValue("content-type")).contains(Manifests.OCI_MANIFEST);
        for (String digest : Manifests.blobs(manifest.body().getBytes(StandardCharsets.UTF_8))) {
            HttpResponse<byte[]> blob = client.send(
                    HttpRequest.newBuilder(URI.create(
                                    "http://127.0.0.1:" + registry.port() + "/v2/kiamol/ch03-sleep/blobs/" + digest))
                            .build(),
                    BodyHandlers.ofByteArray());
            assertThat(Digest.of(blob.body())).isEqualTo(digest);
        }
        assertThat(get("/v2/kiamol/ch03-sleep/tags/list").body()).contains("\"latest\"");
        assertThat(get("/v2/_catalog").body()).contains("kiamol/ch03-sleep");
    }

    @Test
    void theSameFilesGiveTheSameBytes() throws IOException {
        assertThat(built("a/b")).isEqualTo(built("a/b"));
    }

    @Test
    void whatIsNotKeptIsSaidInTheRegistrysWords() throws Exception {
        HttpResponse<String> answer = get("/v2/library/nothing/manifests/latest?ns=docker.io");
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).contains("MANIFEST_UNKNOWN");
        assertThat(get("/v2/x/blobs/sha256:" + "0".repeat(64)).body()).contains("BLOB_UNKNOWN");
        assertThat(get("/elsewhere").statusCode()).isEqualTo(404);
        assertThat(get("/v2/").statusCode()).isEqualTo(200);
    }

    @Test
    void anUploadMayComeInPiecesAndMustHaveItsDigest() throws Exception {
        byte[] content = "hello".getBytes(StandardCharsets.UTF_8);
        String place = send("POST", "/v2/x/blobs/uploads/", new byte[0])
                .headers()
                .firstValue("location")
                .orElseThrow();
        assertThat(send("PATCH", place, "hel".getBytes(StandardCharsets.UTF_8)).statusCode())
                .isEqualTo(202);
        HttpResponse<String> end =
                send("PUT", place + "?digest=" + Digest.of(content), "lo".getBytes(StandardCharsets.UTF_8));
        assertThat(end.statusCode()).isEqualTo(201);
        assertThat(get("/v2/x/blobs/" + Digest.of(content)).body()).isEqualTo("hello");
        HttpResponse<String> wrong = send("POST", "/v2/x/blobs/uploads/?digest=sha256:" + "0".repeat(64), content);
        assertThat(wrong.statusCode()).isEqualTo(400);
        assertThat(wrong.body()).contains("DIGEST_INVALID");
        assertThat(send("PATCH", "/v2/x/blobs/uploads/nothing", content).statusCode())
                .isEqualTo(404);
    }

    @Test
    void aManifestBeforeItsBlobsIsRefused() throws Exception {
        byte[] manifest = Manifests.write("sha256:" + "1".repeat(64), 1, List.of());
        HttpResponse<String> answer = send("PUT", "/v2/x/manifests/latest", manifest);
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).contains("MANIFEST_BLOB_UNKNOWN");
        assertThat(send("PUT", "/v2/x/manifests/latest", "no json".getBytes(StandardCharsets.UTF_8))
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void anArchiveThatIsNoneIsRefusedAndNamesNothing() {
        assertThatThrownBy(() -> new Archives(store).load(new ByteArrayInputStream(new byte[2048])))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("no archive of an image");
        assertThat(store.names()).isEmpty();
    }

    @Test
    void aClientThatBeginsWithTlsIsHungUpOnAtOnce() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), registry.port())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(HexFormat.of().parseHex("1603010005010000010303"));
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    @Needs({Need.ADDRESS})
    void onlyTheHostItselfMayWrite() throws Exception {
        InetAddress own = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                .findFirst()
                .orElseThrow();
        registry.listen(new InetSocketAddress(own, registry.port()));
        URI uri = URI.create("http://" + own.getHostAddress() + ":" + registry.port() + "/v2/x/blobs/uploads/");
        HttpRequest write = HttpRequest.newBuilder(uri)
                .POST(BodyPublishers.ofByteArray(new byte[1 << 20]))
                .build();
        HttpResponse<String> refused = client.send(write, BodyHandlers.ofString());
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("DENIED");
        HttpRequest read = HttpRequest.newBuilder(uri.resolve("/v2/_catalog")).build();
        assertThat(client.send(read, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
        assertThat(send("POST", "/v2/x/blobs/uploads/", new byte[1 << 20]).statusCode())
                .isEqualTo(202);
    }

    @Test
    void headTellsTheSizeAndSendsNothing() throws Exception {
        byte[] content = new byte[100_000];
        send("POST", "/v2/x/blobs/uploads/?digest=" + Digest.of(content), content);
        HttpResponse<String> head = send("HEAD", "/v2/x/blobs/" + Digest.of(content), new byte[0]);
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.headers().firstValueAsLong("content-length")).hasValue(content.length);
        assertThat(head.body()).isEmpty();
        assertThat(get("/v2/x/blobs/" + Digest.of(content)).body()).hasSize(content.length);
    }

    @Test
    @Needs({Need.SKOPEO})
    void aStockClientPushesPullsAndWritesDockerArchivesThatWeRead() throws Exception {
        Path archive = folder.resolve("built.tar");
        Files.write(archive, built("team/app:1"));
        String there = "docker://127.0.0.1:" + registry.port() + "/team/app:2";
        skopeo("copy", "--dest-tls-verify=false", "oci-archive:" + archive, there);
        assertThat(store.tags("team/app")).containsExactly("2");
        Path docker = folder.resolve("docker.tar");
        skopeo("copy", "--src-tls-verify=false", there, "docker-archive:" + docker + ":quay.io/other/app:3");
        try (var in = Files.newInputStream(docker)) {
            assertThat(new Archives(store).load(in)).containsExactly("quay.io/other/app:3");
        }
        assertThat(get("/v2/other/app/manifests/3?ns=quay.io").statusCode()).isEqualTo(200);
    }

    private static void skopeo(String... words) throws IOException, InterruptedException {
        var command = new java.util.ArrayList<>(List.of("skopeo", "--insecure-policy"));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }
}
