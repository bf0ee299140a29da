package io.jollyboat.api.fuzz;

import io.jollyboat.api.codec.Format;
import io.jollyboat.testing.fuzz.FuzzContract;

/** Bodies in Kubernetes' protobuf. */
class ProtobufFuzzTest extends FuzzContract {
    ProtobufFuzzTest() {
        super("protobuf.txt");
    }

    @Override
    protected void take(byte[] input) {
        Bodies.decoded(Format.PROTOBUF, input).ifPresent(object -> {
            Bodies.readsTheSameAgain(object);
            Bodies.goesItsWay(object);
        });
    }
}
