package io.jollyboat.network.dns;

import io.jollyboat.testing.fuzz.FuzzContract;

/** Packets as they come in, each taken for a query of a client and for a reply of another server. */
class PacketFuzzTest extends FuzzContract {
    private final Responder.Desk desk;
    private final Request request = new Request();

    PacketFuzzTest() {
        super("packets.txt");
        Responder responder = AnswersTest.responder(DnsSettings.defaults(), Tables.ofObjects());
        desk = responder.new Desk(MessageWriter.MAX_BYTES);
    }

    @Override
    protected void take(byte[] input) {
        FuzzTest.answered(desk, request, input);
        MessageReader.read(input, input.length).ifPresent(FuzzTest::used);
    }
}
