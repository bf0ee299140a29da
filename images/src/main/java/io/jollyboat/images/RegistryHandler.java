package io.jollyboat.images;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Answers one request of the registry; the paths and codes are those of the OCI distribution specification 1.1. */
final class RegistryHandler {
    private static final Pattern MANIFEST = Pattern.compile("/v2/(.+)/manifests/([^/]+)");
    private static final Pattern UPLOAD = Pattern.compile("/v2/(.+)/blobs/uploads/([^/]*)");
    private static final Pattern BLOB = Pattern.compile("/v2/(.+)/blobs/([^/]+)");
    private static final Pattern TAGS = Pattern.compile("/v2/(.+)/tags/list");
    private static final int MANIFEST_LIMIT = 4 << 20;
    private static final JsonMapper JSON = new JsonMapper();

    private final ImageStore store;
    private final Repositories repositories;

    RegistryHandler(ImageStore store) {
        this.store = store;
        this.repositories = new Repositories(store);
    }

    void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        boolean reads = exchange.getRequestMethod().equals("GET")
                || exchange.getRequestMethod().equals("HEAD");
        if (!reads && !exchange.getRemoteAddress().getAddress().isLoopbackAddress()) {
            error(exchange, 403, "DENIED", "only the host itself may write to this registry");
            return;
        }
        Matcher match;
        if ((match = MANIFEST.matcher(path)).matches()) {
            manifest(exchange, match.group(1), match.group(2), reads);
        } else if ((match = UPLOAD.matcher(path)).matches()) {
            upload(exchange, match.group(1), match.group(2));
        } else if ((match = BLOB.matcher(path)).matches()) {
            blob(exchange, match.group(2), reads);
        } else if ((match = TAGS.matcher(path)).matches()) {
            tags(exchange, match.group(1));
        } else if (path.equals("/v2/_catalog")) {
            catalog(exchange);
        } else if (path.equals("/v2/") || path.equals("/v2")) {
            answer(exchange, 200, "application/json", "{}".getBytes(StandardCharsets.UTF_8));
        } else if (path.equals("/archives")) {
            archive(exchange);
        } else {
            error(exchange, 404, "NAME_UNKNOWN", "nothing is at " + path);
        }
    }

    private void manifest(HttpExchange exchange, String repository, String reference, boolean reads)
            throws IOException {
        if (reads) {
            Optional<String> digest = repositories.find(repository, reference, query(exchange, "ns"));
            if (digest.isEmpty() || store.blob(digest.get()).isEmpty()) {
                error(exchange, 404, "MANIFEST_UNKNOWN", repository + ":" + reference + " is not kept here");
                return;
            }
            byte[] content = store.read(digest.get());
            exchange.getResponseHeaders().set("Docker-Content-Digest", digest.get());
            answer(exchange, 200, mediaType(content), content);
            return;
        }
        if (exchange.getRequestMethod().equals("DELETE")) {
            boolean gone = store.untag(repository, reference);
            if (gone) {
                exchange.sendResponseHeaders(202, -1);
            } else {
                error(exchange, 404, "MANIFEST_UNKNOWN", repository + ":" + reference + " is not kept here");
            }
            return;
        }
        putManifest(exchange, repository, reference);
    }

    private void putManifest(HttpExchange exchange, String repository, String reference) throws IOException {
        byte[] content = exchange.getRequestBody().readNBytes(MANIFEST_LIMIT + 1);
        if (content.length > MANIFEST_LIMIT) {
            error(exchange, 413, "SIZE_INVALID", "a manifest has at most " + MANIFEST_LIMIT + " bytes");
            return;
        }
        Optional<String> missing = Manifests.blobs(content).stream()
                .filter(digest -> store.blob(digest).isEmpty())
                .findFirst();
        if (missing.isPresent()) {
            error(exchange, 404, "MANIFEST_BLOB_UNKNOWN", missing.get() + " was not pushed before its manifest");
            return;
        }
        String digest = store.put(content);
        if (Digest.isDigest(reference) && !reference.equals(digest)) {
            error(exchange, 400, "DIGEST_INVALID", "the manifest has the digest " + digest);
            return;
        }
        if (!Digest.isDigest(reference)) {
            store.tag(repository, reference, digest);
        }
        exchange.getResponseHeaders().set("Location", "/v2/" + repository + "/manifests/" + digest);
        exchange.getResponseHeaders().set("Docker-Content-Digest", digest);
        exchange.sendResponseHeaders(201, -1);
    }

    private void blob(HttpExchange exchange, String digest, boolean reads) throws IOException {
        if (!reads) {
            error(exchange, 405, "UNSUPPORTED", "blobs are not deleted one by one");
            return;
        }
        Optional<Path> file = store.blob(digest);
        if (file.isEmpty()) {
            error(exchange, 404, "BLOB_UNKNOWN", digest + " is not kept here");
            return;
        }
        exchange.getResponseHeaders().set("Docker-Content-Digest", digest);
        exchange.getResponseHeaders().set("Content-Type", "application/octet-stream");
        long size = Files.size(file.get());
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", Long.toString(size));
            exchange.sendResponseHeaders(200, -1);
            return;
        }
        exchange.sendResponseHeaders(200, size == 0 ? -1 : size);
        try (OutputStream out = exchange.getResponseBody()) {
            Files.copy(file.get(), out);
        }
    }

    /** An upload begins with POST, goes on with PATCH and ends with PUT; POST with a digest is all in one. */
    private void upload(HttpExchange exchange, String repository, String id) throws IOException {
        String method = exchange.getRequestMethod();
        if (method.equals("POST")) {
            begin(exchange, repository);
            return;
        }
        Optional<Path> file = store.upload(id);
        if (file.isEmpty()) {
            error(exchange, 404, "BLOB_UPLOAD_UNKNOWN", "there is no upload " + id + ": begin again");
            return;
        }
        append(exchange, file.get());
        if (method.equals("PUT")) {
            finish(exchange, repository, file.get(), query(exchange, "digest"));
        } else {
            accepted(exchange, repository, file.get());
        }
    }

    private void begin(HttpExchange exchange, String repository) throws IOException {
        String mount = query(exchange, "mount");
        if (Digest.isDigest(mount) && store.blob(mount).isPresent()) {
            created(exchange, repository, mount);
            return;
        }
        Path file = store.newUpload();
        append(exchange, file);
        String digest = query(exchange, "digest");
        if (digest.isEmpty()) {
            accepted(exchange, repository, file);
        } else {
            finish(exchange, repository, file, digest);
        }
    }

    private static void append(HttpExchange exchange, Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.APPEND);
                InputStream in = exchange.getRequestBody()) {
            in.transferTo(out);
        }
    }

    private void finish(HttpExchange exchange, String repository, Path file, String digest) throws IOException {
        if (Digest.isDigest(digest) && store.finish(file, digest)) {
            created(exchange, repository, digest);
            return;
        }
        Files.deleteIfExists(file);
        error(exchange, 400, "DIGEST_INVALID", "what was sent does not have the digest " + digest);
    }

    private static void accepted(HttpExchange exchange, String repository, Path file) throws IOException {
        long size = Files.size(file);
        exchange.getResponseHeaders().set("Location", "/v2/" + repository + "/blobs/uploads/" + file.getFileName());
        exchange.getResponseHeaders().set("Range", "0-" + Math.max(0, size - 1));
        exchange.getResponseHeaders()
                .set("Docker-Upload-UUID", file.getFileName().toString());
        exchange.sendResponseHeaders(202, -1);
    }

    private static void created(HttpExchange exchange, String repository, String digest) throws IOException {
        exchange.getResponseHeaders().set("Location", "/v2/" + repository + "/blobs/" + digest);
        exchange.getResponseHeaders().set("Docker-Content-Digest", digest);
        exchange.sendResponseHeaders(201, -1);
    }

    private void tags(HttpExchange exchange, String repository) throws IOException {
        ObjectNode body = JSON.createObjectNode().put("name", repository);
        ArrayNode list = body.putArray("tags");
        store.tags(repository).forEach(list::add);
        answer(exchange, 200, "application/json", bytes(body));
    }

    private void catalog(HttpExchange exchange) throws IOException {
        ObjectNode body = JSON.createObjectNode();
        ArrayNode list = body.putArray("repositories");
        store.names().stream()
                .map(name -> name.substring(0, name.lastIndexOf(':')))
                .distinct()
                .forEach(list::add);
        answer(exchange, 200, "application/json", bytes(body));
    }

    /** Our own addition: POST takes an archive as docker or an OCI tool saves it, GET lists what is kept. */
    private void archive(HttpExchange exchange) throws IOException {
        List<String> names = exchange.getRequestMethod().equals("POST")
                ? new Archives(store).load(exchange.getRequestBody())
                : store.names();
        answer(exchange, 200, "text/plain", String.join("\n", names).getBytes(StandardCharsets.UTF_8));
    }

    private static String mediaType(byte[] manifest) {
        String named = JSON.readTree(manifest).path("mediaType").asString("");
        return named.isEmpty() ? Manifests.OCI_MANIFEST : named;
    }

    private static String query(HttpExchange exchange, String name) {
        @Nullable String query = exchange.getRequestURI().getRawQuery();
        for (String part : (query == null ? "" : query).split("&")) {
            if (part.startsWith(name + "=")) {
                return URLDecoder.decode(part.substring(name.length() + 1), StandardCharsets.UTF_8);
            }
        }
        return "";
    }

    static void error(HttpExchange exchange, int status, String code, String message) throws IOException {
        ObjectNode body = JSON.createObjectNode();
        body.putArray("errors").addObject().put("code", code).put("message", message);
        answer(exchange, status, "application/json", bytes(body));
    }

    private static byte[] bytes(ObjectNode body) {
        return JSON.writeValueAsBytes(body);
    }

    private static void answer(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.getResponseHeaders().set("Docker-Distribution-API-Version", "registry/2.0");
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }
}
