package io.jollyboat.e2e;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code kubectl port-forward} to one port, on a free one here. */
final class Forward implements AutoCloseable {
    private static final Pattern HERE = Pattern.compile("Forwarding from 127\\.0\\.0\\.1:(\\d+)");
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Background command;
    private final int port;
    private final HttpClient client = HttpClient.newHttpClient();

    private Forward(Background command, int port) {
        this.command = command;
        this.port = port;
    }

    static Forward to(TestCluster cluster, String object, int port) {
        return of(cluster.background("port-forward", "--address=127.0.0.1", object, ":" + port));
    }

    /** One that was started; it has said which port is free when this returns. */
    static Forward of(Background command) {
        Matcher here = HERE.matcher(command.await(" -> "));
        if (!here.find()) {
            command.close();
            throw new AssertionError("no port named");
        }
        return new Forward(command, Integer.parseInt(here.group(1)));
    }

    int port() {
        return port;
    }

    String get(String path) throws IOException, InterruptedException {
        return send("GET", path, BodyPublishers.noBody());
    }

    String post(String path, String body) throws IOException, InterruptedException {
        return send("POST", path, BodyPublishers.ofString(body));
    }

    private String send(String method, String path, BodyPublisher body) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + port + path);
        HttpRequest request = HttpRequest.newBuilder(uri)
                .method(method, body)
                .timeout(PATIENCE)
                .build();
        return client.send(request, BodyHandlers.ofString()).body();
    }

    /** Ctrl-C. */
    Result interrupt() {
        return command.interrupt().end();
    }

    @Override
    public void close() {
        client.close();
        command.close();
    }
}
