package io.jollyboat.node.cri;

import io.grpc.ClientInterceptor;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A connection to one containerd, over its Unix socket. It mends itself when containerd comes back. */
public final class Connection implements AutoCloseable {
    /** containerd's own limit for what it sends. */
    private static final int MESSAGE_LIMIT = 16 << 20;

    private final MultiThreadIoEventLoopGroup loop;
    private final ManagedChannel channel;

    private Connection(MultiThreadIoEventLoopGroup loop, ManagedChannel channel) {
        this.loop = loop;
        this.channel = channel;
    }

    /** Connects at the first call; a socket that is not there yet makes calls fail, not this. */
    @SuppressWarnings("NullAway") // Netty takes an option back when its value is null
    public static Connection to(Path socket) {
        var loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        ManagedChannel channel = NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
                .eventLoopGroup(loop)
                .withOption(ChannelOption.SO_KEEPALIVE, null) // gRPC sets it, and Unix sockets do not know it
                .overrideAuthority("localhost")
                .maxInboundMessageSize(MESSAGE_LIMIT)
                .usePlaintext()
                .build();
        return new Connection(loop, channel);
    }

    ManagedChannel channel() {
        return channel;
    }

    /** Tries again at once instead of after gRPC's back-off. */
    public void reconnect() {
        channel.resetConnectBackoff();
    }

    /** Headers that containerd's own services (not its CRI) want. */
    static ClientInterceptor inNamespace(String lease) {
        var headers = new Metadata();
        headers.put(Metadata.Key.of("containerd-namespace", Metadata.ASCII_STRING_MARSHALLER), "k8s.io");
        if (!lease.isEmpty()) {
            headers.put(Metadata.Key.of("containerd-lease", Metadata.ASCII_STRING_MARSHALLER), lease);
        }
        return MetadataUtils.newAttachHeadersInterceptor(headers);
    }

    @Override
    public void close() {
        channel.shutdownNow();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
