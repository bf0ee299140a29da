package io.jollyboat.linux;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Predicate;

/** The kernel's memory of connections in one namespace (nfnetlink_conntrack.h of the kernel's interface). */
public final class Conntrack implements AutoCloseable {
    /**
     * A connection as it was begun, and where its answers come from: another place, when it was translated. Addresses
     * have 4 or 16 bytes in network order.
     */
    public record Flow(int protocol, byte[] source, byte[] target, int targetPort, byte[] answers, int answersPort) {}

    private static final int SUBSYSTEM = 1;
    private static final int GET = 1;
    private static final int DELETE = 2;
    private static final int ORIGINAL = 1;
    private static final int REPLY = 2;
    private static final int ADDRESSES = 1;
    private static final int PORTS = 2;
    private static final int SOURCE = 1;
    private static final int TARGET = 2;
    private static final int SOURCE6 = 3;
    private static final int TARGET6 = 4;
    private static final int PROTOCOL = 1;
    private static final int SOURCE_PORT = 2;
    private static final int TARGET_PORT = 3;

    private final Netlink netlink;

    private Conntrack(Netlink netlink) {
        this.netlink = netlink;
    }

    public static Conntrack open(NetworkNamespace namespace) {
        return new Conntrack(Netlink.open(namespace));
    }

    /** Forgets all connections that are to be forgotten, and says how many: their next packet begins a new one. */
    public int forget(Nftables.Family family, Predicate<Flow> which) {
        List<Netlink.Message> messages =
                netlink.dump(out -> out.end(out.begin(SUBSYSTEM << 8 | GET, NetlinkWriter.DUMP, family.number(), 0)));
        int count = 0;
        for (Netlink.Message message : messages) {
            if (which.test(flow(message.attributes())) && delete(family, message.attributes())) {
                count++;
            }
        }
        return count;
    }

    @Override
    public void close() {
        netlink.close();
    }

    private boolean delete(Nftables.Family family, Attributes connection) {
        try {
            netlink.ask(out -> {
                int message = out.begin(SUBSYSTEM << 8 | DELETE, 0, family.number(), 0);
                int tuple = out.nest(ORIGINAL);
                out.raw(connection.value(ORIGINAL));
                out.endNest(tuple);
                out.end(message);
                out.acknowledge();
            });
            return true;
        } catch (LinuxException e) {
            if (e.isMissing()) {
                return false; // it ended by itself meanwhile
            }
            throw e;
        }
    }

    private static Flow flow(Attributes connection) {
        Attributes original = connection.nested(ORIGINAL);
        Attributes reply = connection.nested(REPLY);
        ByteBuffer protocol = original.nested(PORTS).value(PROTOCOL);
        return new Flow(
                protocol.hasRemaining() ? Byte.toUnsignedInt(protocol.get()) : 0,
                address(original, SOURCE, SOURCE6),
                address(original, TARGET, TARGET6),
                port(original, TARGET_PORT),
                address(reply, SOURCE, SOURCE6),
                port(reply, SOURCE_PORT));
    }

    private static byte[] address(Attributes tuple, int ipv4, int ipv6) {
        byte[] address = tuple.nested(ADDRESSES).bytes(ipv4);
        return address.length > 0 ? address : tuple.nested(ADDRESSES).bytes(ipv6);
    }

    private static int port(Attributes tuple, int which) {
        ByteBuffer port = tuple.nested(PORTS).value(which);
        return port.remaining() < Short.BYTES ? 0 : Short.toUnsignedInt(port.getShort());
    }
}
