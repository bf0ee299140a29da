package io.jollyboat.node.cri;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.jollyboat.node.NodeException;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A containerd that runs nothing: it has every image, and its containers run until they are stopped. An agent works
 * over it as over the real one, without root rights; nobody answers in its Pods.
 */
public final class FakeContainerd implements AutoCloseable {
    private final MultiThreadIoEventLoopGroup loop;
    private final Server server;

    private FakeContainerd(MultiThreadIoEventLoopGroup loop, Server server) {
        this.loop = loop;
        this.server = server;
    }

    /** @throws NodeException when the socket cannot be made */
    public static FakeContainerd on(Path socket) {
        var loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        Server server = NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                .channelType(NioServerDomainSocketChannel.class)
                .bossEventLoopGroup(loop)
                .workerEventLoopGroup(loop)
                .addService(new FakeRuntime())
                .addService(new FakeImages())
                .addService(new FakeEvents())
                .build();
        try {
            server.start();
            return new FakeContainerd(loop, server);
        } catch (IOException e) {
            loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            throw new NodeException("cannot listen on " + socket + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        server.shutdownNow();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
