package io.jollyboat.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A UDP socket that takes and sends many packets with one system call each. A thread of its own waits in the kernel,
 * hands each batch to a handler and sends the handler's answers together; nothing is allocated on that way.
 */
public final class PacketSocket implements AutoCloseable {
    private static final Logger LOG = System.getLogger(PacketSocket.class.getName());

    /** Packets in one batch. */
    private static final int BATCH = 64;

    /** Larger packets arrive cut. */
    private static final int MOST_RECEIVED = 2_048;

    /** Larger answers are refused: they would be fragmented on most links. */
    public static final int MOST_SENT = 1_472;

    /** What a burst may leave waiting in the kernel. */
    private static final int RECEIVE_BYTES = 4 << 20;

    /** A thread that misses its waking looks by itself so often. */
    private static final int PATIENCE_SECONDS = 5;

    private static final Duration ENDING = Duration.ofSeconds(2 * PATIENCE_SECONDS);

    /** struct mmsghdr on 64-bit machines: name, its length, vector, its length, control, its length, flags; length. */
    private static final int HEADER_BYTES = 64;

    private static final int NAME_LENGTH_AT = 8;
    private static final int VECTOR_AT = 16;
    private static final int VECTORS_AT = 24;
    private static final int LENGTH_AT = 56;
    private static final int VECTOR_BYTES = 16;
    private static final int VECTOR_LENGTH_AT = 8;

    /** struct sockaddr_in6; sockaddr_in is shorter. */
    private static final int NAME_BYTES = 28;

    private static final ValueLayout.OfInt NETWORK_INT = JAVA_INT.withOrder(ByteOrder.BIG_ENDIAN);

    /** Who answers packets. It is called in one thread, one packet after the other. */
    public interface Handler {
        /** Answers the packet of that number in the batch with {@link #answer}, at once, later with {@link #send}, or not. */
        void packet(PacketSocket socket, int index);
    }

    private final int fd;
    private final ReentrantLock lock = new ReentrantLock(); // guards the end of the descriptor
    private volatile boolean closed;
    private boolean released;
    private final Thread thread;

    private final Arena arena = Arena.ofAuto();
    private final MemorySegment state = arena.allocate(SystemCalls.STATE);
    private final MemorySegment names = arena.allocate((long) BATCH * NAME_BYTES, Long.BYTES);
    private final MemorySegment received = arena.allocate((long) BATCH * MOST_RECEIVED, Long.BYTES);
    private final MemorySegment answers = arena.allocate((long) BATCH * MOST_SENT, Long.BYTES);
    private final MemorySegment inVectors = arena.allocate((long) BATCH * VECTOR_BYTES, Long.BYTES);
    private final MemorySegment outVectors = arena.allocate((long) BATCH * VECTOR_BYTES, Long.BYTES);
    private final MemorySegment inHeaders = arena.allocate((long) BATCH * HEADER_BYTES, Long.BYTES);
    private final MemorySegment outHeaders = arena.allocate((long) BATCH * HEADER_BYTES, Long.BYTES);
    private int used = BATCH;
    private int answered;

    private PacketSocket(int fd, String name, Handler handler) {
        this.fd = fd;
        for (int i = 0; i < BATCH; i++) {
            inVectors.set(ADDRESS, (long) i * VECTOR_BYTES, received.asSlice((long) i * MOST_RECEIVED));
            inVectors.set(JAVA_LONG, (long) i * VECTOR_BYTES + VECTOR_LENGTH_AT, MOST_RECEIVED);
            outVectors.set(ADDRESS, (long) i * VECTOR_BYTES, answers.asSlice((long) i * MOST_SENT));
            header(inHeaders, inVectors, i);
            header(outHeaders, outVectors, i);
            inHeaders.set(ADDRESS, (long) i * HEADER_BYTES, names.asSlice((long) i * NAME_BYTES));
        }
        thread = Thread.ofPlatform().daemon().name(name).unstarted(() -> run(handler));
    }

    private static void header(MemorySegment headers, MemorySegment vectors, int index) {
        headers.set(ADDRESS, (long) index * HEADER_BYTES + VECTOR_AT, vectors.asSlice((long) index * VECTOR_BYTES));
        headers.set(JAVA_LONG, (long) index * HEADER_BYTES + VECTORS_AT, 1);
    }

    /**
     * Opens a socket and serves it until {@link #close}. Several may have the same address: the kernel deals the
     * packets out among them.
     *
     * @param name the thread's
     * @throws LinuxException when the address is taken by others, or is not there
     */
    public static PacketSocket serve(
            NetworkNamespace namespace, InetSocketAddress address, String name, Handler handler) {
        short family = address.getAddress().getAddress().length == 4 ? PacketCalls.AF_INET : PacketCalls.AF_INET6;
        byte[] bytes = name(family, address);
        try {
            int fd = namespace.call(() -> PacketCalls.open(bytes, family, RECEIVE_BYTES, PATIENCE_SECONDS));
            PacketSocket socket = new PacketSocket(fd, name, handler);
            socket.thread.start();
            return socket;
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new LinuxException("cannot open a UDP socket in " + namespace, e);
        }
    }

    /** A sockaddr structure: family, port, for IPv6 the flow, the address, for IPv6 the scope. */
    private static byte[] name(short family, InetSocketAddress address) {
        byte[] bytes = address.getAddress().getAddress();
        ByteBuffer name = ByteBuffer.allocate(family == PacketCalls.AF_INET ? 16 : NAME_BYTES);
        name.order(ByteOrder.nativeOrder()).putShort(family);
        name.order(ByteOrder.BIG_ENDIAN).putShort((short) address.getPort());
        name.position(family == PacketCalls.AF_INET ? 4 : 8).put(bytes);
        return name.array();
    }

    private void run(Handler handler) {
        try {
            while (!closed) {
                batch(handler);
            }
        } catch (LinuxException e) {
            LOG.log(Level.ERROR, "{0} ends: {1}", thread.getName(), e.getMessage());
        } finally {
            release();
        }
    }

    private void batch(Handler handler) {
        for (int i = 0; i < used; i++) {
            inHeaders.set(JAVA_INT, (long) i * HEADER_BYTES + NAME_LENGTH_AT, NAME_BYTES); // the kernel wrote there
        }
        int count = PacketCalls.receive(fd, inHeaders, BATCH, state);
        used = count;
        answered = 0;
        for (int i = 0; i < count && !closed; i++) {
            handler.packet(this, i);
        }
        int sent = 0;
        while (sent < answered) {
            MemorySegment rest = outHeaders.asSlice((long) sent * HEADER_BYTES);
            sent += Math.max(1, PacketCalls.send(fd, rest, answered - sent)); // one that cannot be sent is passed over
        }
    }

    /** Copies a packet out; gives its length. */
    public int read(int index, byte[] into) {
        int length = Math.min(into.length, inHeaders.get(JAVA_INT, (long) index * HEADER_BYTES + LENGTH_AT));
        MemorySegment.copy(received, JAVA_BYTE, (long) index * MOST_RECEIVED, into, 0, length);
        return length;
    }

    /** Sends bytes back to where the packet came from, together with the other answers of its batch. */
    public void answer(int index, byte[] bytes, int length) {
        long header = (long) answered * HEADER_BYTES;
        MemorySegment.copy(bytes, 0, answers, JAVA_BYTE, (long) answered * MOST_SENT, length);
        outVectors.set(JAVA_LONG, (long) answered * VECTOR_BYTES + VECTOR_LENGTH_AT, length);
        outHeaders.set(JAVA_LONG, header, names.address() + (long) index * NAME_BYTES);
        outHeaders.set(JAVA_INT, header + NAME_LENGTH_AT, nameLength(index));
        answered++;
    }

    private int nameLength(int index) {
        return inHeaders.get(JAVA_INT, (long) index * HEADER_BYTES + NAME_LENGTH_AT);
    }

    /** The sender's IPv4 address as a number, the same for the same sender; -1 for IPv6. */
    public long ipv4(int index) {
        long name = (long) index * NAME_BYTES;
        return names.get(JAVA_SHORT, name) == PacketCalls.AF_INET
                ? Integer.toUnsignedLong(names.get(NETWORK_INT, name + 4))
                : -1;
    }

    /** The sender's address. */
    public InetAddress address(int index) {
        long name = (long) index * NAME_BYTES;
        boolean ipv4 = names.get(JAVA_SHORT, name) == PacketCalls.AF_INET;
        byte[] bytes = names.asSlice(name + (ipv4 ? 4 : 8), ipv4 ? 4 : 16).toArray(JAVA_BYTE);
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new LinuxException("an address of " + bytes.length + " bytes", e);
        }
    }

    /** The sender, to be answered later: what {@link #send} takes. */
    public byte[] sender(int index) {
        return names.asSlice((long) index * NAME_BYTES, nameLength(index)).toArray(JAVA_BYTE);
    }

    /** Sends a packet from any thread; false where the kernel could not, or the socket is closed. */
    public boolean send(byte[] bytes, int length, byte[] to) {
        lock.lock();
        try {
            return !closed && PacketCalls.send(fd, bytes, length, to);
        } finally {
            lock.unlock();
        }
    }

    private void release() {
        lock.lock();
        try {
            closed = true;
            released = true;
            SystemCalls.close(fd);
        } finally {
            lock.unlock();
        }
    }

    /** Ends the thread and gives the address back. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            if (!released) {
                PacketCalls.wake(fd);
            }
        } finally {
            lock.unlock();
        }
        try {
            thread.join(ENDING);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
