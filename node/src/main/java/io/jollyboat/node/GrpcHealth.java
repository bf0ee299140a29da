package io.jollyboat.node;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.jollyboat.linux.NetworkNamespace;
import io.jollyboat.node.health.HealthCheckRequest;
import io.jollyboat.node.health.HealthGrpc;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Asks a server for its health, by gRPC's health checking protocol. */
final class GrpcHealth {
    private GrpcHealth() {}

    /**
     * The status that it answers, such as {@code SERVING}.
     *
     * @throws io.grpc.StatusRuntimeException when there is no answer in time
     */
    static String check(NetworkNamespace namespace, String address, int port, String service, Duration limit) {
        var loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        ManagedChannel channel = NettyChannelBuilder.forAddress(new InetSocketAddress(address, port))
                .eventLoopGroup(loop)
                .channelFactory(() -> new NioSocketChannel(open(namespace)))
                .usePlaintext()
                .build();
        try {
            return HealthGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(limit.toMillis(), TimeUnit.MILLISECONDS)
                    .check(HealthCheckRequest.newBuilder().setService(service).build())
                    .getStatus()
                    .name();
        } finally {
            channel.shutdownNow();
            loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }

    private static SocketChannel open(NetworkNamespace namespace) {
        try {
            return namespace.call(SocketChannel::open);
        } catch (Exception e) {
            throw new NodeException("cannot open a socket in " + namespace, e);
        }
    }
}
