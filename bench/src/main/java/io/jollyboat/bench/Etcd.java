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
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** An etcd of our own on loopback, to measure beside. Writes go over gRPC, one connection for all callers. */
final class Etcd implements AutoCloseable {
    private static final String PROGRAM = "etcd";
    private static final int MOST_TRIES = 300;
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final MethodDescriptor<byte[], byte[]> PUT = MethodDescriptor.<byte[], byte[]>newBuilder(
                    new Bytes(), new Bytes())
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName("etcdserverpb.KV/Put")
            .build();

    private final Process process;
    private final ManagedChannel channel;

    private Etcd(Process process, ManagedChannel channel) {
        this.process = process;
        this.channel = channel;
    }

    /** Starts etcd with its data in a folder, and returns when it takes writes. */
    static Etcd start(Path folder, World world) throws IOException, InterruptedException {
        int port = freePort();
        String client = "http://127.0.0.1:" + port;
        String peer = "http://127.0.0.1:" + freePort();
        Process process = new ProcessBuilder(
                        PROGRAM,
                        "--data-dir=" + folder,
                        "--listen-client-urls=" + client,
                        "--advertise-client-urls=" + client,
                        "--listen-peer-urls=" + peer,
                        "--initial-advertise-peer-urls=" + peer,
                        "--initial-cluster=default=" + peer,
                        "--log-level=error")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        ManagedChannel channel = ManagedChannelBuilder.forAddress("127.0.0.1", port)
                .usePlaintext()
                .build();
        Etcd etcd = new Etcd(process, channel);
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
