package io.jollyboat.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The bytes of a log. All numbers are big-endian.
 *
 * <p>A log is one file: a header, the entries of one revision (the base), then the changes since, for ever appended. The
 * header:
 * <pre>
 *      0   8  "JOLLYLOG"
 *      8   4  the version of this format: 1
 *     12   8  the mark: a random number, the same for the life of a store
 *     20   8  the base revision
 *     28   4  how many entries the base has
 *     32   4  CRC32C of the 32 bytes before
 *     36   4  zeros
 * </pre>
 * The rest is frames. What is forced to the disk together is one frame, so a power failure can tear only the last:
 * <pre>
 *      0   8  the mark
 *      8   4  the length of the records in bytes
 *     12   4  CRC32C of that length and the records
 *     16      records, then zeros up to a multiple of 8
 * </pre>
 * and a record is
 * <pre>
 *      0   8  the revision
 *      8   2  the length of the key
 *     10   4  the length of the value; -1 is a deletion
 *     14      key, then value
 * </pre>
 * First come as many records as the header says, the base: entries in key order, each with the revision that wrote it.
 * Every record after these is a change, and its revision is one more than that of the one before.
 *
 * <p>Example: in an empty store (base revision 0, no entries; mark 0x1122334455667788) the key {@code a} was set to
 * {@code hi}. Then the file, after the header, goes on with
 * <pre>
 *     1122334455667788 00000011 8d3222aa        mark, 17 bytes of records, their CRC32C
 *     0000000000000001 0001 00000002 61 6869    revision 1, key of 1, value of 2 bytes, "a", "hi"
 *     00000000000000                            up to 40 bytes
 * </pre>
 *
 * <p>After the last frame the file may hold zeros: room that was made ahead, because overwriting is cheaper to force
 * than growing. What is neither a frame nor followed by one is a torn end, never acknowledged, and is cut off. What is
 * no frame but followed by one was damaged later. The mark tells these apart: frames stand at multiples of 8 and begin
 * with a number that nobody outside knows, so no value can pretend to be one.
 */
final class Frame {
    static final int HEADER = 40;
    static final int HEAD = 16;
    static final int RECORD_HEAD = 14;
    static final int DELETED = -1;

    /** The most that a frame's records may take: a group's limit and one largest write on top of it. */
    static final int MAX_RECORDS = 16 << 20;

    private static final long MAGIC = 0x4a4f_4c4c_594c_4f47L; // "JOLLYLOG"
    private static final int FORMAT = 1;
    private static final int FIRST_BYTES = 16 << 10;
    /** A buffer that had to grow beyond this is given back. */
    private static final int KEPT_BYTES = 1 << 20;

    private final long mark;
    private ByteBuffer bytes = ByteBuffer.allocateDirect(FIRST_BYTES).position(HEAD);

    /** An empty frame that is filled, taken and filled again. */
    Frame(long mark) {
        this.mark = mark;
    }

    /**
     * What a log begins with.
     *
     * @param mark what every frame begins with
     * @param base the revision whose entries come first
     * @param entries how many these are
     */
    record Header(long mark, long base, int entries) {
        ByteBuffer encode() {
            ByteBuffer bytes = ByteBuffer.allocate(HEADER);
            bytes.putLong(MAGIC).putInt(FORMAT).putLong(mark).putLong(base).putInt(entries);
            return bytes.putInt(crc(bytes.array(), 0, 32)).clear();
        }

        /** The header at the beginning of these bytes; empty when there is none that is whole. */
        static Optional<Header> decode(byte[] file) {
            ByteBuffer bytes = ByteBuffer.wrap(file);
            boolean whole = file.length >= HEADER
                    && bytes.getLong(0) == MAGIC
                    && bytes.getInt(8) == FORMAT
                    && bytes.getInt(32) == crc(file, 0, 32);
            return whole
                    ? Optional.of(new Header(bytes.getLong(12), bytes.getLong(20), bytes.getInt(28)))
                    : Optional.empty();
        }
    }

    /** How many bytes of records it has. */
    int size() {
        return bytes.position() - HEAD;
    }

    void add(String key, long revision, Optional<byte[]> value) {
        byte[] name = key.getBytes(StandardCharsets.US_ASCII);
        int length = value.map(v -> v.length).orElse(DELETED);
        room(RECORD_HEAD + name.length + Math.max(0, length) + Long.BYTES);
        bytes.putLong(revision).putShort((short) name.length).putInt(length).put(name);
        value.ifPresent(bytes::put);
    }

    /** The finished frame, ready to be written; good until {@link #clear}. */
    ByteBuffer take() {
        int size = size();
        while (bytes.position() % Long.BYTES != 0) {
            bytes.put((byte) 0);
        }
        bytes.flip();
        bytes.putLong(0, mark).putInt(8, size);
        return bytes.putInt(12, crc(bytes, size));
    }

    /** Makes it empty again. */
    void clear() {
        if (bytes.capacity() > KEPT_BYTES) {
            bytes = ByteBuffer.allocateDirect(FIRST_BYTES);
        }
        bytes.clear().position(HEAD);
    }

    private void room(int more) {
        if (bytes.remaining() < more) {
            int wanted = Math.max(bytes.capacity() * 2, bytes.position() + more);
            bytes = ByteBuffer.allocateDirect(wanted).put(bytes.flip());
        }
    }

    /** The checksum of a frame's records and of their length. */
    static int crc(ByteBuffer frame, int size) {
        CRC32C crc = new CRC32C();
        crc.update(frame.duplicate().position(8).limit(12));
        crc.update(frame.duplicate().position(HEAD).limit(HEAD + size));
        return (int) crc.getValue();
    }

    /** How long a frame is on the disk. */
    static int padded(int size) {
        return (HEAD + size + Long.BYTES - 1) & -Long.BYTES;
    }

    private static int crc(byte[] bytes, int from, int to) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, to - from);
        return (int) crc.getValue();
    }
}
