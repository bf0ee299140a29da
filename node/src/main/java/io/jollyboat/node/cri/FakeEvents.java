package io.jollyboat.node.cri;

import io.grpc.stub.StreamObserver;
import io.jollyboat.node.cri.v1.events.Envelope;
import io.jollyboat.node.cri.v1.events.EventsGrpc;
import io.jollyboat.node.cri.v1.events.SubscribeRequest;

/** containerd's events where no container ever ends by itself: a stream that stays open and says nothing. */
final class FakeEvents extends EventsGrpc.EventsImplBase {
    @Override
    public void subscribe(SubscribeRequest request, StreamObserver<Envelope> answer) {
        // The client ends it.
    }
}
