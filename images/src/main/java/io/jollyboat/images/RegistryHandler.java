package io.jollyboat.images;

import io.jollyboat.server.http.wire.Handler;
import io.jollyboat.server.http.wire.Request;
import io.jollyboat.server.http.wire.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Answers one request of the registry; the paths and codes are those of the OCI distribution specification 1.1. */
final class RegistryHandler implements Handler {
    private static final Pattern MANIFEST = Pattern.compile("/v2/(.+)/manifests/([^/]+)");
    private static final Pattern UPLOAD = Pattern.compile("/v2/(.+)/blobs/uploads/([^/]*)");
    private static final Pattern BLOB = Pattern.compile("/v2/(.+)/blobs/([^/]+)");
    private static final Pattern TAGS = Pattern.compile("/v2/(.+)/tags/list");
    private static final int MANIFEST_LIMIT = 4 << 20;
    private static final byte[] NOTHING = {};
    private static final JsonMapper JSON = new JsonMapper();

    private final ImageStore store;
    private final Repositories repositories;

    RegistryHandler(ImageStore store) {
        this.store = store;
        this.repositories = new Repositories(store);
    }

    @Override
    public void handle(Request request, Response response) throws IOException {
        try {
            route(request, response);
        } catch (ImageException e) {
            error(response, 400, "UNSUPPORTED", String.valueOf(e.getMessage()));
        }
    }

    private void route(Request request, Response response) throws IOException {
        String path = Request.decoded(request.path());
        boolean reads = request.method().equals("GET") || request.method().equals("HEAD");
        if (!reads && !request.remoteAddress().getAddress().isLoopbackAddress()) {
            error(response, 403, "DENIED", "only the host itself may write to this registry");
            return;
        }
        Matcher match;
        if ((match = MANIFEST.matcher(path)).matches()) {
            manifest(request, response, match.group(1), match.group(2), reads);
        } else if ((match = UPLOAD.matcher(path)).matches()) {
            upload(request, response, match.group(1), match.group(2));
        } else if ((match = BLOB.matcher(path)).matches()) {
            blob(request, response, match.group(2), reads);
        } else if ((match = TAGS.matcher(path)).matches()) {
            tags(response, match.group(1));
        } else if (path.equals("/v2/_catalog")) {
            catalog(response);
        } else if (path.equals("/v2/") || path.equals("/v2")) {
            answer(response, 200, "application/json", "{}".getBytes(StandardCharsets.UTF_8));
        } else if (path.equals("/archives")) {
            archive(request, response);
        } else {
            error(response, 404, "NAME_UNKNOWN", "nothing is at " + path);
        }
    }

    private void manifest(Request request, Response response, String repository, String reference, boolean reads)
            throws IOException {
        if (reads) {
            Optional<String> digest =
                    repositories.find(repository, reference, request.query().first("ns"));
            if (digest.isEmpty() || store.blob(digest.get()).isEmpty()) {
                error(response, 404, "MANIFEST_UNKNOWN", repository + ":" + reference + " is not kept here");
                return;
            }
            byte[] content = store.read(digest.get());
            response.header("Docker-Content-Digest", digest.get());
            answer(response, 200, mediaType(content), content);
            return;
        }
        if (request.method().equals("DELETE")) {
            boolean gone = store.untag(repository, reference);
            if (gone) {
                response.status(202).send(NOTHING);
            } else {
                error(response, 404, "MANIFEST_UNKNOWN", repository + ":" + reference + " is not kept here");
            }
            return;
        }
        putManifest(request, response, repository, reference);
    }

    private void putManifest(Request request, Response response, String repository, String reference)
            throws IOException {
        byte[] content = request.stream().readNBytes(MANIFEST_LIMIT + 1);
        if (content.length > MANIFEST_LIMIT) {
            error(response, 413, "SIZE_INVALID", "a manifest has at most " + MANIFEST_LIMIT + " bytes");
            return;
        }
        Optional<String> missing = Manifests.blobs(content).stream()
                .filter(digest -> store.blob(digest).isEmpty())
                .findFirst();
        if (missing.isPresent()) {
            error(response, 404, "MANIFEST_BLOB_UNKNOWN", missing.get() + " was not pushed before its manifest");
            return;
        }
        String digest = store.put(content);
        if (Digest.isDigest(reference) && !reference.equals(digest)) {
            error(response, 400, "DIGEST_INVALID", "the manifest has the digest " + digest);
            return;
        }
        if (!Digest.isDigest(reference)) {
            store.tag(repository, reference, digest);
        }
        response.header("Location", "/v2/" + repository + "/manifests/" + digest);
        response.header("Docker-Content-Digest", digest);
        response.status(201).send(NOTHING);
    }

    private void blob(Request request, Response response, String digest, boolean reads) throws IOException {
        if (!reads) {
            error(response, 405, "UNSUPPORTED", "blobs are not deleted one by one");
            return;
        }
        Optional<Path> file = store.blob(digest);
        if (file.isEmpty()) {
            error(response, 404, "BLOB_UNKNOWN", digest + " is not kept here");
            return;
        }
        response.header("Docker-Content-Digest", digest);
        response.header("Content-Type", "application/octet-stream");
        long size = Files.size(file.get());
        response.header("Content-Length", Long.toString(size));
        try (OutputStream out = response.stream()) {
            if (!request.method().equals("HEAD")) {
                Files.copy(file.get(), out);
            }
        }
    }

    /** An upload begins with POST, goes on with PATCH and ends with PUT; POST with a digest is all in one. */
    private void upload(Request request, Response response, String repository, String id) throws IOException {
        String method = request.method();
        if (method.equals("POST")) {
            begin(request, response, repository);
            return;
        }
        Optional<Path> file = store.upload(id);
        if (file.isEmpty()) {
            error(response, 404, "BLOB_UPLOAD_UNKNOWN", "there is no upload " + id + ": begin again");
            return;
        }
        append(request, file.get());
        if (method.equals("PUT")) {
            finish(response, repository, file.get(), request.query().first("digest"));
        } else {
            accepted(response, repository, file.get());
        }
    }

    private void begin(Request request, Response response, String repository) throws IOException {
        String mount = request.query().first("mount");
        if (Digest.isDigest(mount) && store.blob(mount).isPresent()) {
            created(response, repository, mount);
            return;
        }
        Path file = store.newUpload();
        append(request, file);
        String digest = request.query().first("digest");
        if (digest.isEmpty()) {
            accepted(response, repository, file);
        } else {
            finish(response, repository, file, digest);
        }
    }

    private static void append(Request request, Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.APPEND);
                InputStream in = request.stream()) {
            in.transferTo(out);
        }
    }

    private void finish(Response response, String repository, Path file, String digest) throws IOException {
        if (Digest.isDigest(digest) && store.finish(file, digest)) {
            created(response, repository, digest);
            return;
        }
        Files.deleteIfExists(file);
        error(response, 400, "DIGEST_INVALID", "what was sent does not have the digest " + digest);
    }

    private static void accepted(Response response, String repository, Path file) throws IOException {
        long size = Files.size(file);
        response.header("Location", "/v2/" + repository + "/blobs/uploads/" + file.getFileName());
        response.header("Range", "0-" + Math.max(0, size - 1));
        response.header("Docker-Upload-UUID", file.getFileName().toString());
        response.status(202).send(NOTHING);
    }

    private static void created(Response response, String repository, String digest) throws IOException {
        response.header("Location", "/v2/" + repository + "/blobs/" + digest);
        response.header("Docker-Content-Digest", digest);
        response.status(201).send(NOTHING);
    }

    private void tags(Response response, String repository) throws IOException {
        ObjectNode body = JSON.createObjectNode().put("name", repository);
        ArrayNode list = body.putArray("tags");
        store.tags(repository).forEach(list::add);
        answer(response, 200, "application/json", bytes(body));
    }

    private void catalog(Response response) throws IOException {
        ObjectNode body = JSON.createObjectNode();
        ArrayNode list = body.putArray("repositories");
        store.names().stream()
                .map(name -> name.substring(0, name.lastIndexOf(':')))
                .distinct()
                .forEach(list::add);
        answer(response, 200, "application/json", bytes(body));
    }

    /** Our own addition: POST takes an archive as docker or an OCI tool saves it, GET lists what is kept. */
    private void archive(Request request, Response response) throws IOException {
        List<String> names =
                request.method().equals("POST") ? new Archives(store).load(request.stream()) : store.names();
        answer(response, 200, "text/plain", String.join("\n", names).getBytes(StandardCharsets.UTF_8));
    }

    private static String mediaType(byte[] manifest) {
        String named = JSON.readTree(manifest).path("mediaType").asString("");
        return named.isEmpty() ? Manifests.OCI_MANIFEST : named;
    }

    private static void error(Response response, int status, String code, String message) throws IOException {
        ObjectNode body = JSON.createObjectNode();
        body.putArray("errors").addObject().put("code", code).put("message", message);
        answer(response, status, "application/json", bytes(body));
    }

    private static byte[] bytes(ObjectNode body) {
        return JSON.writeValueAsBytes(body);
    }

    private static void answer(Response response, int status, String type, byte[] body) throws IOException {
        response.header("Content-Type", type);
        response.header("Docker-Distribution-API-Version", "registry/2.0");
        response.status(status).send(body);
    }
}
