package io.jollyboat.node.cri;

import io.grpc.stub.StreamObserver;
import io.jollyboat.node.cri.v1.Image;
import io.jollyboat.node.cri.v1.ImageServiceGrpc;
import io.jollyboat.node.cri.v1.ImageStatusRequest;
import io.jollyboat.node.cri.v1.ImageStatusResponse;
import io.jollyboat.node.cri.v1.ListImagesRequest;
import io.jollyboat.node.cri.v1.ListImagesResponse;
import io.jollyboat.node.cri.v1.PullImageRequest;
import io.jollyboat.node.cri.v1.PullImageResponse;

/** Has every image that is asked for. */
final class FakeImages extends ImageServiceGrpc.ImageServiceImplBase {
    @Override
    public void imageStatus(ImageStatusRequest request, StreamObserver<ImageStatusResponse> answer) {
        String name = request.getImage().getImage();
        var image = Image.newBuilder().setId(name).addRepoTags(name).setSize(1);
        answer.onNext(ImageStatusResponse.newBuilder().setImage(image).build());
        answer.onCompleted();
    }

    @Override
    public void listImages(ListImagesRequest request, StreamObserver<ListImagesResponse> answer) {
        answer.onNext(ListImagesResponse.getDefaultInstance());
        answer.onCompleted();
    }

    @Override
    public void pullImage(PullImageRequest request, StreamObserver<PullImageResponse> answer) {
        answer.onNext(PullImageResponse.newBuilder()
                .setImageRef(request.getImage().getImage())
                .build());
        answer.onCompleted();
    }
}
