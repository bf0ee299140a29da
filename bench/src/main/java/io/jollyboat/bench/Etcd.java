package io.jollyboat.bench;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.jollyboat.world.World;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** An etcd of our own on loopback, to measure beside. Writes go over gRPC, one connection for all callers. */
final class Etcd implements AutoCloseable {
    private static final String PROGRAM = "etcd";
    private static final int GRPC_PREFIX = 5;
    private static final int MOST_TRIES = 300;
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final MethodDescriptor<byte[], byte[]> PUT = MethodDescriptor.<byte[], byte[]>newBuilder(
                    new Bytes(), new Bytes())
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName("etcdserverpb.KV/Put")
            .build();

    private final Process process;
    private final ManagedChannel channel;
    private final int port;
    private final int securePort;

    private Etcd(Process process, ManagedChannel channel, int port, int securePort) {
        this.process = process;
        this.channel = channel;
        this.port = port;
        this.securePort = securePort;
    }

    /** Starts etcd with its data in a folder, and returns when it takes writes. */
    static Etcd start(Path folder, World world) throws IOException, InterruptedException {
        return start(folder, world, Optional.empty());
    }

    /**
     * Starts etcd, and returns when it takes writes.
     *
     * @param certificates a folder with {@code server} and {@code authority}, for a port with TLS that asks clients for
     *     a certificate, beside the one without
     */
    static Etcd start(Path folder, World world, Optional<Path> certificates) throws IOException, InterruptedException {
        int port = freePort();
        int securePort = freePort();
        String client = "http://127.0.0.1:" + port;
        String peer = "http://127.0.0.1:" + freePort();
        List<String> command = new ArrayList<>(List.of(
                PROGRAM,
                "--data-dir=" + folder,
                "--advertise-client-urls=" + client,
                "--listen-peer-urls=" + peer,
                "--initial-advertise-peer-urls=" + peer,
                "--initial-cluster=default=" + peer,
                "--log-level=error"));
        certificates.ifPresent(from -> command.addAll(List.of(
                "--cert-file=" + from.resolve("server.crt"),
                "--key-file=" + from.resolve("server.key"),
                "--trusted-ca-file=" + from.resolve("authority.crt"),
                "--client-cert-auth")));
        String secure = certificates.isPresent() ? ",https://127.0.0.1:" + securePort : "";
        command.add("--listen-client-urls=" + client + secure);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        ManagedChannel channel = ManagedChannelBuilder.forAddress("127.0.0.1", port)
                .usePlaintext()
                .build();
        Etcd etcd = new Etcd(process, channel, port, securePort);
        etcd.await(world);
        return etcd;
    }

    private void await(World world) throws InterruptedException {
        for (int i = 0; i < MOST_TRIES; i++) {
            try {
                put("ready", new byte[0]);
                return;
            } catch (StatusRuntimeException _) {
                world.sleep(PAUSE);
            }
        }
        close();
        throw new IllegalStateException("etcd does not answer");
    }

    long process() {
        return process.pid();
    }

    /** Where it listens without TLS. */
    int port() {
        return port;
    }

    /** Where it listens with TLS. */
    int securePort() {
        return securePort;
    }

    /** The same write, for a {@link Line}. */
    static Ask ask(String key, byte[] value) {
        byte[] body = prefixed(putRequest(key, value));
        return call(PUT.getFullMethodName(), body, body.length - value.length);
    }

    /** Asks for one key's value as it is now, which etcd makes sure of with its peers, of which there are none. */
    static Ask get(String key) {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        field(message, 1, key.getBytes(StandardCharsets.US_ASCII));
        return call("etcdserverpb.KV/Range", prefixed(message.toByteArray()), -1);
    }

    private static byte[] prefixed(byte[] message) {
        return ByteBuffer.allocate(GRPC_PREFIX + message.length)
                .put((byte) 0) // not compressed
                .putInt(message.length)
                .put(message)
                .array();
    }

    private static Ask call(String method, byte[] body, int digits) {
        String type = "application/grpc";
        return new Ask("POST", "/" + method, type, body, digits, false, type);
    }

    /** Returns when the write is durable. */
    void put(String key, byte[] value) {
        ClientCalls.blockingUnaryCall(channel, PUT, CallOptions.DEFAULT, putRequest(key, value));
    }

    /** The protobuf message: field 1 the key, field 2 the value. */
    private static byte[] putRequest(String key, byte[] value) {
        ByteArrayOutputStream message = new ByteArrayOutputStream(value.length + key.length() + 12);
        field(message, 1, key.getBytes(StandardCharsets.US_ASCII));
        field(message, 2, value);
        return message.toByteArray();
    }

    private static void field(ByteArrayOutputStream message, int number, byte[] bytes) {
        message.write(number << 3 | 2);
        int left = bytes.length;
        while (left > 0x7f) {
            message.write(left & 0x7f | 0x80);
            left >>>= 7;
        }
        message.write(left);
        message.writeBytes(bytes);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() throws InterruptedException {
        channel.shutdownNow();
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }

    /** Messages as they are on the wire. */
    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
