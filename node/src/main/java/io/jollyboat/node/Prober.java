package io.jollyboat.node;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.jollyboat.api.AnyCertificate;
import io.jollyboat.node.Pod.Container;
import io.jollyboat.node.cri.CriException;
import io.jollyboat.node.cri.v1.ExecSyncResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLSocket;
import tools.jackson.databind.JsonNode;

/** Carries out one probe or hook: a command in the container, or a request from the node's namespace to the Pod. */
final class Prober {
    private static final int ANSWER_LIMIT = 10 << 10;
    private static final String AGENT = "kube-probe/1.35";

    private final Surroundings around;

    Prober(Surroundings around) {
        this.around = around;
    }

    /** What came of it; the message says what failed, in the kubelet's words. */
    record Result(boolean success, String message) {}

    /**
     * Probes once.
     *
     * @param action holds {@code exec}, {@code httpGet}, {@code tcpSocket} or {@code grpc}
     * @param address of the Pod
     */
    Result probe(Container container, String run, JsonNode action, String address, Duration limit) {
        if (action.has("exec")) {
            return exec(run, action.path("exec").path("command"), limit);
        }
        if (action.has("httpGet")) {
            return http(container, action.path("httpGet"), address, limit);
        }
        if (action.has("tcpSocket")) {
            return tcp(container, action.path("tcpSocket"), address, limit);
        }
        if (action.has("grpc")) {
            return grpc(action.path("grpc"), address, limit);
        }
        return new Result(false, "missing probe handler");
    }

    private Result exec(String run, JsonNode command, Duration limit) {
        List<String> words = new ArrayList<>();
        command.forEach(word -> words.add(word.stringValue("")));
        try {
            ExecSyncResponse answer = around.cri().exec(run, words, limit);
            String output =
                    answer.getStdout().toStringUtf8() + answer.getStderr().toStringUtf8();
            return new Result(answer.getExitCode() == 0, output);
        } catch (CriException e) {
            boolean late = e.deadlineExceeded() || e.description().contains("timeout");
            return new Result(
                    false,
                    late
                            ? "command timed out: \"%s\" timed out after %s"
                                    .formatted(String.join(" ", words), GoDuration.text(limit))
                            : e.getMessage());
        }
    }

    private Result tcp(Container container, JsonNode action, String address, Duration limit) {
        String host = action.path("host").stringValue(address);
        int port = port(container, action.path("port"));
        try (Socket socket = connect(host, port, limit)) {
            return new Result(socket.isConnected(), "");
        } catch (IOException e) {
            return new Result(false, "dial tcp %s:%d: %s".formatted(host, port, words(e)));
        }
    }

    private Result http(Container container, JsonNode action, String address, Duration limit) {
        String host = action.path("host").stringValue(address);
        int port = port(container, action.path("port"));
        boolean secure = action.path("scheme").stringValue("HTTP").equals("HTTPS");
        String path = action.path("path").stringValue("/");
        String url = "%s://%s:%d%s"
                .formatted(secure ? "https" : "http", host, port, path.startsWith("/") ? path : "/" + path);
        try (Socket plain = connect(host, port, limit);
                Socket socket = secure ? secured(plain, host, port) : plain) {
            socket.setSoTimeout((int) limit.toMillis());
            socket.getOutputStream().write(request(action, path, host + ":" + port));
            byte[] answer = head(socket.getInputStream());
            int status = status(new String(answer, StandardCharsets.ISO_8859_1));
            boolean good = status >= 200 && status < 400;
            return new Result(good, "HTTP probe failed with statuscode: " + status);
        } catch (IOException e) {
            return new Result(
                    false,
                    "Get \"%s\": %s"
                            .formatted(
                                    url,
                                    e instanceof java.net.ConnectException
                                            ? "dial tcp %s:%d: %s".formatted(host, port, words(e))
                                            : words(e)));
        }
    }

    private static byte[] request(JsonNode action, String path, String host) {
        var text = new StringBuilder("GET " + (path.startsWith("/") ? path : "/" + path) + " HTTP/1.1\r\n");
        boolean ownHost = false;
        boolean ownAgent = false;
        for (JsonNode header : action.path("httpHeaders")) {
            String name = header.path("name").stringValue("");
            ownHost |= name.equalsIgnoreCase("Host");
            ownAgent |= name.equalsIgnoreCase("User-Agent");
            text.append(name)
                    .append(": ")
                    .append(header.path("value").stringValue(""))
                    .append("\r\n");
        }
        text.append(ownHost ? "" : "Host: " + host + "\r\n");
        text.append(ownAgent ? "" : "User-Agent: " + AGENT + "\r\n");
        text.append("Accept: */*\r\nConnection: close\r\n\r\n");
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] head(InputStream in) throws IOException {
        return in.readNBytes(Math.min(ANSWER_LIMIT, "HTTP/1.1 200".length()));
    }

    private static int status(String head) throws IOException {
        String[] words = head.split(" ");
        if (!head.startsWith("HTTP/") || words.length < 2) {
            throw new IOException("malformed HTTP response");
        }
        try {
            return Integer.parseInt(words[1].strip());
        } catch (NumberFormatException e) {
            throw new IOException("malformed HTTP status code", e);
        }
    }

    private Result grpc(JsonNode action, String address, Duration limit) {
        int port = action.path("port").intValue(0);
        try {
            String status = GrpcHealth.check(
                    around.host().namespace(),
                    address,
                    port,
                    action.path("service").stringValue(""),
                    limit);
            return new Result(status.equals("SERVING"), "service unhealthy (responded with \"%s\")".formatted(status));
        } catch (StatusRuntimeException e) {
            boolean late = e.getStatus().getCode() == Status.Code.DEADLINE_EXCEEDED
                    || e.getStatus().getCode() == Status.Code.UNAVAILABLE;
            return new Result(
                    false,
                    late
                            ? "timeout: failed to connect service \"%s:%d\" within %s: context deadline exceeded"
                                    .formatted(address, port, GoDuration.text(limit))
                            : "error: health rpc probe failed: " + e.getMessage());
        }
    }

    /** A socket opened inside the node's namespace; connecting may happen anywhere. */
    private Socket connect(String host, int port, Duration limit) throws IOException {
        SocketChannel channel;
        try {
            channel = around.host().namespace().call(SocketChannel::open);
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
        Socket socket = channel.socket();
        try {
            socket.connect(new InetSocketAddress(host, port), (int) limit.toMillis());
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private static Socket secured(Socket socket, String host, int port) throws IOException {
        SSLSocket secured =
                (SSLSocket) AnyCertificate.context().getSocketFactory().createSocket(socket, host, port, true);
        secured.startHandshake();
        return secured;
    }

    /** A number, or the name of one of the container's ports. */
    private static int port(Container container, JsonNode port) {
        if (port.isNumber()) {
            return port.intValue();
        }
        String name = port.stringValue("");
        for (JsonNode each : container.spec().path("ports")) {
            if (each.path("name").stringValue("").equals(name)) {
                return each.path("containerPort").intValue(0);
            }
        }
        return name.matches("[0-9]{1,5}") ? Integer.parseInt(name) : 0;
    }

    private static String words(IOException e) {
        String text = String.valueOf(e.getMessage());
        if (e instanceof java.net.SocketTimeoutException) {
            return "context deadline exceeded (Client.Timeout exceeded while awaiting headers)";
        }
        return text.toLowerCase(java.util.Locale.ROOT).contains("refused") ? "connect: connection refused" : text;
    }
}
