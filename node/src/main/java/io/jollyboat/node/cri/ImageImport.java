package io.jollyboat.node.cri;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.jollyboat.node.NodeException;
import io.jollyboat.node.cri.v1.content.ContentGrpc;
import io.jollyboat.node.cri.v1.content.WriteAction;
import io.jollyboat.node.cri.v1.content.WriteContentRequest;
import io.jollyboat.node.cri.v1.content.WriteContentResponse;
import io.jollyboat.node.cri.v1.images.CreateImageRequest;
import io.jollyboat.node.cri.v1.images.Descriptor;
import io.jollyboat.node.cri.v1.images.Image;
import io.jollyboat.node.cri.v1.images.ImagesGrpc;
import io.jollyboat.node.cri.v1.leases.CreateRequest;
import io.jollyboat.node.cri.v1.leases.DeleteRequest;
import io.jollyboat.node.cri.v1.leases.LeasesGrpc;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Brings an image of our own making into containerd, without a registry: blobs into the content store, then the name.
 * A lease keeps the blobs from the garbage collector until the name refers to them; labels tell it which refer to which.
 */
public final class ImageImport {
    private static final long LIMIT_SECONDS = 30;
    private static final int CHUNK = 1 << 20;
    private static final String REFERENCE = "containerd.io/gc.ref.";

    private final Connection connection;

    public ImageImport(Connection connection) {
        this.connection = connection;
    }

    /**
     * @param name in full, with registry and tag, as containerd keeps it
     * @throws NodeException when containerd refuses
     */
    public void load(String name, OciImage image) {
        byte[] config = image.config();
        byte[] manifest = image.manifest();
        String lease = "jollyboat-" + OciImage.digest(manifest);
        var leases = LeasesGrpc.newBlockingStub(channel("")).withDeadlineAfter(LIMIT_SECONDS, TimeUnit.SECONDS);
        unless(
                Status.Code.ALREADY_EXISTS,
                () -> leases.create(CreateRequest.newBuilder().setId(lease).build()));
        Channel channel = channel(lease);
        String layer = OciImage.digest(image.layer());
        write(channel, image.layer(), Map.of());
        write(channel, config, Map.of(REFERENCE + "snapshot.overlayfs", layer));
        write(
                channel,
                manifest,
                Map.of(REFERENCE + "content.config", OciImage.digest(config), REFERENCE + "content.l.0", layer));
        var named = Image.newBuilder()
                .setName(name)
                .setTarget(Descriptor.newBuilder()
                        .setMediaType(OciImage.MANIFEST_TYPE)
                        .setDigest(OciImage.digest(manifest))
                        .setSize(manifest.length));
        unless(
                Status.Code.ALREADY_EXISTS,
                () -> ImagesGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(LIMIT_SECONDS, TimeUnit.SECONDS)
                        .create(CreateImageRequest.newBuilder().setImage(named).build()));
        leases.delete(DeleteRequest.newBuilder().setId(lease).build());
    }

    private Channel channel(String lease) {
        return ClientInterceptors.intercept(connection.channel(), Connection.inNamespace(lease));
    }

    private static void unless(Status.Code fine, Runnable call) {
        try {
            call.run();
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() != fine) {
                throw new CriException(e);
            }
        }
    }

    /** Writes one blob; that it is there already is fine. */
    private static void write(Channel channel, byte[] blob, Map<String, String> labels) {
        String digest = OciImage.digest(blob);
        var answer = new Answer();
        StreamObserver<WriteContentRequest> requests = ContentGrpc.newStub(channel)
                .withDeadlineAfter(LIMIT_SECONDS, TimeUnit.SECONDS)
                .write(answer);
        var part = WriteContentRequest.newBuilder()
                .setRef("jollyboat-" + digest)
                .setTotal(blob.length)
                .setExpected(digest);
        int at = 0;
        for (; blob.length - at > CHUNK; at += CHUNK) {
            requests.onNext(part.clone()
                    .setAction(WriteAction.WRITE)
                    .setOffset(at)
                    .setData(ByteString.copyFrom(blob, at, CHUNK))
                    .build());
        }
        requests.onNext(part.clone()
                .setAction(WriteAction.COMMIT)
                .setOffset(at)
                .setData(ByteString.copyFrom(blob, at, blob.length - at))
                .putAllLabels(labels)
                .build());
        answer.await(digest);
        requests.onCompleted();
    }

    /** Waits for the commit. */
    private static final class Answer implements StreamObserver<WriteContentResponse> {
        private final CompletableFuture<Boolean> committed = new CompletableFuture<>();

        @Override
        public void onNext(WriteContentResponse response) {
            if (response.getAction() == WriteAction.COMMIT) {
                committed.complete(true);
            }
        }

        @Override
        public void onError(Throwable error) {
            if (Status.fromThrowable(error).getCode() == Status.Code.ALREADY_EXISTS) {
                committed.complete(true);
            } else {
                committed.completeExceptionally(error);
            }
        }

        @Override
        public void onCompleted() {
            committed.complete(true);
        }

        void await(String digest) {
            try {
                committed.get(LIMIT_SECONDS, TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException e) {
                throw new NodeException("containerd did not take the blob " + digest + ": " + e.getMessage(), e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new NodeException("interrupted while importing an image", e);
            }
        }
    }
}
