package io.jollyboat.network.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.jollyboat.network.dns.Responder.Desk;
import io.jollyboat.testing.Cases;
import io.jollyboat.testing.Cases.Case;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Hundreds of thousands of broken packets, by seed: none does harm, each reply can be read. */
class FuzzTest {
    private static final int PACKETS = 300_000;
    private static final long SEED = 20_261_122;

    private final Random random = new Random(SEED);

    private static List<byte[]> packets(String file) {
        return Cases.read(FuzzTest.class, file).stream()
                .map(Case::parts)
                .map(parts -> HexFormat.of().parseHex(parts.getFirst().replaceAll("\\s", "")))
                .toList();
    }

    /** A few bytes changed, a piece doubled or taken out, or the end cut off. */
    private byte[] mutated(List<byte[]> packets) {
        byte[] packet = packets.get(random.nextInt(packets.size())).clone();
        for (int i = random.nextInt(4); i >= 0 && packet.length > 0; i--) {
            int at = random.nextInt(packet.length);
            switch (random.nextInt(8)) {
                case 0 -> packet = Arrays.copyOf(packet, at);
                case 1 -> packet = spliced(packet, at, random.nextInt(packet.length));
                case 2 -> packet[at] = (byte) (0xc0 | random.nextInt(2));
                case 3 -> packet[at] = (byte) random.nextInt(64);
                default -> packet[at] = (byte) random.nextInt(256);
            }
        }
        return packet;
    }

    private static byte[] spliced(byte[] packet, int at, int from) {
        byte[] longer = Arrays.copyOf(packet, at + packet.length - from);
        System.arraycopy(packet, from, longer, at, packet.length - from);
        return longer;
    }

    @Test
    @Timeout(60)
    void everyQueryIsAnsweredOrDropped() {
        List<byte[]> queries = packets("queries.txt");
        Responder responder = AnswersTest.responder(DnsSettings.defaults(), Tables.ofObjects());
        Desk desk = responder.new Desk(MessageWriter.MAX_BYTES);
        Request request = new Request();
        int[] counts = new int[2];
        for (int i = 0; i < PACKETS; i++) {
            byte[] packet = mutated(queries);
            try {
                counts[answered(desk, request, packet) ? 1 : 0]++;
            } catch (RuntimeException e) {
                fail("seed %d, packet %d: %s".formatted(SEED, i, HexFormat.of().formatHex(packet)), e);
            }
        }
        assertThat(counts[0]).as("dropped").isPositive();
        assertThat(counts[1]).as("answered").isPositive();
    }

    /** A query gets a readable reply within its limit, or none. */
    static boolean answered(Desk desk, Request request, byte[] packet) {
        int code = request.read(packet, packet.length);
        if (code == Request.DROP) {
            return false;
        }
        int size = desk.reply(request, code, request.udpLimit());
        assertThat(size).isBetween(Request.HEADER_BYTES, request.udpLimit());
        assertThat(desk.out()[0]).isEqualTo(packet[0]);
        boolean readable = code != ResponseCode.NOERROR
                || MessageReader.read(desk.out(), size).isPresent();
        assertThat(readable).isTrue();
        return true;
    }

    @Test
    @Timeout(60)
    void everyReplyIsReadOrRejected() {
        List<byte[]> replies = packets("replies.txt");
        int read = 0;
        for (int i = 0; i < PACKETS; i++) {
            byte[] packet = mutated(replies);
            try {
                if (MessageReader.read(packet, packet.length)
                        .map(FuzzTest::used)
                        .isPresent()) {
                    read++;
                }
            } catch (RuntimeException e) {
                fail("seed %d, packet %d: %s".formatted(SEED, i, HexFormat.of().formatHex(packet)), e);
            }
        }
        assertThat(read).isBetween(1, PACKETS - 1);
    }

    /** Everything that is done with a reply: cached, aged, written anew. */
    static int used(Message message) {
        ReplyCache cache = new ReplyCache();
        cache.put(message.question(), message.answer(), 0);
        cache.get(message.question(), 1_000_000_000L);
        byte[] query = new byte[512];
        Request request = new Request();
        assertThat(request.read(query, new MessageWriter(query).query(1, message.question(), true)))
                .isIn(ResponseCode.NOERROR, ResponseCode.REFUSED);
        return new MessageWriter(new byte[512]).reply(request, message.answer(), 512);
    }
}
