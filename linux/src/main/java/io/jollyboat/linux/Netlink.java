package io.jollyboat.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/** A netlink socket to the netfilter of one namespace: questions and answers, one exchange at a time. */
final class Netlink implements AutoCloseable {
    /** Larger transactions are cut by whoever makes them. */
    static final int MOST_BYTES = 64 << 20;

    private static final int RECEIVE_BYTES = 1 << 16;
    private static final int PATIENCE_SECONDS = 30;
    private static final int HEADER_BYTES = 16;
    private static final int ERROR = 2;
    private static final int DONE = 3;
    private static final int INTERRUPTED = 0x10;
    private static final int FAMILY_BYTES = 4;
    private static final int DUMP_TRIES = 5;

    private final ReentrantLock lock = new ReentrantLock(); // guards the socket and all below
    private final int fd;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment answer = arena.allocate(RECEIVE_BYTES, Long.BYTES);
    private int sequence = 1;
    private boolean torn;

    private Netlink(int fd) {
        this.fd = fd;
    }

    /** What writes the messages of an exchange. */
    interface Question {
        void write(NetlinkWriter out);
    }

    /** One message of the answer: its type, and its attributes. */
    record Message(int type, Attributes attributes) {}

    static Netlink open(NetworkNamespace namespace) {
        try {
            return new Netlink(namespace.call(
                    () -> NetlinkCalls.netlink(NetlinkCalls.NETLINK_NETFILTER, MOST_BYTES, PATIENCE_SECONDS)));
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new LinuxException("cannot open a netlink socket in " + namespace, e);
        }
    }

    /**
     * Sends messages, of which the one acknowledged ends the exchange.
     *
     * @return what was answered besides
     * @throws LinuxException when the kernel refuses one of them
     */
    List<Message> ask(Question question) {
        lock.lock();
        try {
            int first = sequence;
            NetlinkWriter out = new NetlinkWriter(first);
            question.write(out);
            sequence = out.sequence() + 2;
            send(out);
            List<Message> messages = new ArrayList<>();
            boolean more = true;
            while (more) {
                more = read(first, messages);
            }
            return messages;
        } finally {
            lock.unlock();
        }
    }

    /** As {@link #ask} for a question about many things, asked again when they changed while they were told. */
    List<Message> dump(Question question) {
        for (int i = 0; i < DUMP_TRIES; i++) {
            lock.lock();
            try {
                int first = sequence;
                NetlinkWriter out = new NetlinkWriter(first);
                question.write(out);
                sequence = out.sequence() + 1;
                send(out);
                List<Message> messages = new ArrayList<>();
                torn = false;
                boolean more = true;
                while (more) {
                    more = read(first, messages);
                }
                if (!torn) {
                    return messages;
                }
            } finally {
                lock.unlock();
            }
        }
        throw new LinuxException("the rules change faster than they can be read");
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (arena.scope().isAlive()) {
                SystemCalls.close(fd);
                arena.close();
            }
        } finally {
            lock.unlock();
        }
    }

    private void send(NetlinkWriter out) {
        if (out.position() > MOST_BYTES) {
            throw new LinuxException(
                    "a transaction of %d bytes is over the limit of %d".formatted(out.position(), MOST_BYTES));
        }
        try (Arena brief = Arena.ofConfined()) {
            MemorySegment message = brief.allocate(out.position(), Long.BYTES);
            MemorySegment.copy(out.array(), 0, message, ValueLayout.JAVA_BYTE, 0, out.position());
            NetlinkCalls.send(fd, message);
        }
    }

    /** Reads one datagram, skipping answers to earlier exchanges that an error cut off; false when it was the last. */
    private boolean read(int first, List<Message> messages) {
        int length = NetlinkCalls.receive(fd, answer);
        ByteBuffer in = answer.asSlice(0, length).asByteBuffer().order(ByteOrder.nativeOrder());
        boolean more = true;
        while (in.remaining() >= HEADER_BYTES) {
            int start = in.position();
            int size = in.getInt();
            int type = Short.toUnsignedInt(in.getShort());
            int flags = in.getShort();
            int number = in.getInt();
            if (size < HEADER_BYTES || size > length - start) {
                throw new LinuxException("a netlink message claims %d bytes".formatted(size));
            }
            if (number >= first) {
                ByteBuffer body =
                        in.slice(start + HEADER_BYTES, size - HEADER_BYTES).order(ByteOrder.nativeOrder());
                more &= !take(type, body, messages);
                torn |= (flags & INTERRUPTED) != 0;
            }
            in.position(Math.min(length, start + ((size + 3) & ~3)));
        }
        return more;
    }

    /** Whether the exchange ends with this message. */
    private static boolean take(int type, ByteBuffer body, List<Message> messages) {
        if (type == ERROR) {
            int errno = -body.getInt();
            if (errno != 0) {
                throw LinuxException.of("netlink", errno);
            }
            return true;
        }
        if (type == DONE) {
            return true;
        }
        byte[] copy = new byte[Math.max(0, body.remaining() - FAMILY_BYTES)];
        body.position(Math.min(body.limit(), FAMILY_BYTES)).get(copy);
        messages.add(new Message(type, new Attributes(ByteBuffer.wrap(copy))));
        return false;
    }
}
