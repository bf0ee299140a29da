package io.jollyboat.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The one rule that goes to the kernel without the program {@code nft}, whose version 1.0.6 gives the key of an update
 * no more than 16 bytes: it notes in a map where a connection over IPv6 was translated to.
 *
 * <pre>update @map { ct mark &amp; mask . meta l4proto . ct original ip6 saddr . ct original ip6 daddr : ip6 daddr . th dport }</pre>
 *
 * <p>Numbers are those of the kernel's nf_tables.h. Its registers of four bytes count from 8.
 */
final class AffinityRule {
    private static final int NEW_RULE = 6;
    private static final int APPEND = 0x800;
    private static final int TABLE = 1;
    private static final int CHAIN = 2;
    private static final int EXPRESSIONS = 4;
    private static final int LIST_ELEMENT = 1;
    private static final int NAME = 1;
    private static final int DATA = 2;
    private static final int VALUE = 1;

    private static final int MARK_AT = 8;
    private static final int PROTOCOL_AT = 9;
    private static final int CLIENT_AT = 10;
    private static final int TARGET_AT = 14;
    private static final int ENDPOINT_AT = 18;
    private static final int PORT_AT = 22;

    private static final int CT_MARK = 3;
    private static final int CT_SOURCE6 = 21;
    private static final int CT_TARGET6 = 22;
    private static final int META_PROTOCOL = 16;
    private static final int NETWORK_HEADER = 1;
    private static final int TRANSPORT_HEADER = 2;
    private static final int IPV6_TARGET_OFFSET = 24;
    private static final int IPV6_BYTES = 16;
    private static final int PORT_OFFSET = 2;
    private static final int PORT_BYTES = 2;
    private static final int UPDATE = 1;

    private final NetlinkWriter out;

    private AffinityRule(NetlinkWriter out) {
        this.out = out;
    }

    /** Writes the message that adds the rule to a chain. */
    static void write(NetlinkWriter out, int subsystem, String table, String chain, String map, int mask) {
        int message =
                out.begin(subsystem << 8 | NEW_RULE, NetlinkWriter.CREATE | APPEND, Nftables.Family.IP6.number(), 0);
        out.text(TABLE, table);
        out.text(CHAIN, chain);
        int list = out.nest(EXPRESSIONS);
        new AffinityRule(out).expressions(map, mask);
        out.endNest(list);
        out.end(message);
    }

    private void expressions(String map, int mask) {
        expression("ct", () -> numbers(1, MARK_AT, 2, CT_MARK));
        expression("bitwise", () -> {
            numbers(1, MARK_AT, 2, MARK_AT, 3, Integer.BYTES);
            value(4, mask);
            value(5, 0);
        });
        expression("meta", () -> numbers(1, PROTOCOL_AT, 2, META_PROTOCOL));
        expression("ct", () -> original(CLIENT_AT, CT_SOURCE6));
        expression("ct", () -> original(TARGET_AT, CT_TARGET6));
        expression("payload", () -> numbers(1, ENDPOINT_AT, 2, NETWORK_HEADER, 3, IPV6_TARGET_OFFSET, 4, IPV6_BYTES));
        expression("payload", () -> numbers(1, PORT_AT, 2, TRANSPORT_HEADER, 3, PORT_OFFSET, 4, PORT_BYTES));
        expression("dynset", () -> {
            out.text(1, map);
            numbers(3, UPDATE, 4, MARK_AT, 5, ENDPOINT_AT);
        });
    }

    private void expression(String name, Runnable data) {
        int element = out.nest(LIST_ELEMENT);
        out.text(NAME, name);
        int nested = out.nest(DATA);
        data.run();
        out.endNest(nested);
        out.endNest(element);
    }

    /** Of the connection's first direction. */
    private void original(int register, int key) {
        numbers(1, register, 2, key);
        out.bytes(3, new byte[] {0});
    }

    /** Attributes and their numbers, in turn; in network order, as nf_tables has them. */
    private void numbers(int... pairs) {
        for (int i = 0; i < pairs.length; i += 2) {
            out.bytes(
                    pairs[i],
                    ByteBuffer.allocate(Integer.BYTES).putInt(pairs[i + 1]).array());
        }
    }

    /** What is compared with a register is in the machine's order, as marks are. */
    private void value(int attribute, int number) {
        int nested = out.nest(attribute);
        out.bytes(
                VALUE,
                ByteBuffer.allocate(Integer.BYTES)
                        .order(ByteOrder.nativeOrder())
                        .putInt(number)
                        .array());
        out.endNest(nested);
    }
}
