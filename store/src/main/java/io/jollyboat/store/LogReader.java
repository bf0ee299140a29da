package io.jollyboat.store;

import io.jollyboat.store.Disk.DiskFile;
import io.jollyboat.store.Frame.Header;
import io.jollyboat.store.Store.Entry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads a log from its beginning to its last whole frame. */
final class LogReader {
    private static final int WINDOW = 64 << 10;

    private final DiskFile file;
    private final String where;
    private final long length;
    private ByteBuffer window = ByteBuffer.allocate(WINDOW).limit(0);
    private long windowAt; // where in the file the window begins

    private Header header = new Header(0, 0, 0);
    private final List<Entry> base = new ArrayList<>();
    private Version last = Version.first(0, Tree.EMPTY);
    private Optional<History> history = Optional.empty();
    private long baseEnd = Frame.HEADER;

    /**
     * What a log held.
     *
     * @param baseEnd where in the file the base ends
     * @param lastFrame where the last whole frame begins; the end when there is no frame
     * @param end where the last whole frame ends
     * @param torn how many bytes of an unfinished write come after that; 0 for none
     */
    record Loaded(Header header, History history, long baseEnd, long lastFrame, long end, long torn) {}

    private LogReader(DiskFile file, String where) throws IOException {
        this.file = file;
        this.where = where;
        this.length = file.length();
    }

    /**
     * Reads all of a file.
     *
     * @param where its name for messages
     * @throws StoreException when it is damaged
     */
    static Loaded read(DiskFile file, String where, History.Limits limits) throws IOException {
        return new LogReader(file, where).read(limits);
    }

    private Loaded read(History.Limits limits) throws IOException {
        byte[] start = new byte[(int) Math.min(Frame.HEADER, length)];
        file.read(ByteBuffer.wrap(start), 0);
        header = Header.decode(start)
                .orElseThrow(() -> new StoreException(where + " is no Jollyboat log of format 1, or its beginning is"
                        + " damaged; restore it from a backup, or move it away to begin with an empty store"));
        last = Version.first(header.base(), Tree.EMPTY);
        long at = Frame.HEADER;
        long lastFrame = at;
        int size = frameAt(at);
        while (size >= 0) {
            records(at, size, limits);
            lastFrame = at;
            at += Frame.padded(size);
            size = frameAt(at);
        }
        long torn = leftOver(at);
        if (base.size() < header.entries()) {
            throw damaged(at);
        }
        return new Loaded(header, history(limits), baseEnd, lastFrame, at, torn);
    }

    /** The history, which begins when the base is complete. */
    private History history(History.Limits limits) {
        if (history.isEmpty()) {
            last = Version.first(header.base(), Tree.of(base));
            history = Optional.of(new History(limits, last));
        }
        return history.get();
    }

    /** The length of the records of the whole frame at a place of the file; -1 when there is none. */
    private int frameAt(long at) throws IOException {
        if (length - at < Frame.HEAD) {
            return -1;
        }
        ByteBuffer head = window(at, Frame.HEAD);
        int size = head.getInt(8);
        boolean possible = head.getLong(0) == header.mark()
                && size >= 0
                && size <= Frame.MAX_RECORDS
                && length - at >= Frame.padded(size);
        if (!possible) {
            return -1;
        }
        ByteBuffer frame = window(at, Frame.HEAD + size);
        return frame.getInt(12) == Frame.crc(frame, size) ? size : -1;
    }

    private void records(long at, int size, History.Limits limits) throws IOException {
        ByteBuffer records = window(at, Frame.HEAD + size);
        records.position(Frame.HEAD);
        while (records.hasRemaining()) {
            if (records.remaining() < Frame.RECORD_HEAD) {
                throw damaged(at);
            }
            long revision = records.getLong();
            int keyLength = Short.toUnsignedInt(records.getShort());
            int valueLength = records.getInt();
            if (valueLength < Frame.DELETED || keyLength + Math.max(0L, valueLength) > records.remaining()) {
                throw damaged(at);
            }
            byte[] key = new byte[keyLength];
            records.get(key);
            Optional<byte[]> value = Optional.empty();
            if (valueLength != Frame.DELETED) {
                byte[] bytes = new byte[valueLength];
                records.get(bytes);
                value = Optional.of(bytes);
            }
            record(at, new String(key, StandardCharsets.US_ASCII), revision, value, limits);
            if (base.size() == header.entries() && history.isEmpty()) {
                baseEnd = at + Frame.padded(size);
            }
        }
    }

    private void record(long at, String key, long revision, Optional<byte[]> value, History.Limits limits) {
        if (base.size() < header.entries()) {
            base.add(new Entry(key, value.orElseThrow(() -> damaged(at)), revision));
            return;
        }
        History loaded = history(limits);
        if (revision != last.revision() + 1) {
            throw damaged(at);
        }
        last = last.then(key, value);
        loaded.add(last);
    }

    /**
     * How many bytes from here to the end are neither frames nor zeros.
     *
     * @throws StoreException when there is a whole frame among them: then what is here was damaged
     */
    private long leftOver(long from) throws IOException {
        long end = from;
        for (long at = from; at < length; at += Long.BYTES) {
            int known = (int) Math.min(Long.BYTES, length - at);
            ByteBuffer here = window(at, known);
            long word = known == Long.BYTES ? here.getLong(0) : -1;
            if (word != 0) {
                end = at + known;
            }
            if (word == header.mark() && at > from && frameAt(at) >= 0) {
                throw damaged(from);
            }
        }
        return end - from;
    }

    private StoreException damaged(long at) {
        return new StoreException(where + " is damaged at byte " + at + " of " + length + ", and nothing was opened."
                + " Restore the file from a backup. To give up what was written from there on, keep a copy and cut it"
                + " with: truncate -s " + at + " " + where);
    }

    /** A buffer that begins at a place of the file and has at least so many bytes, which the file must have. */
    private ByteBuffer window(long at, int bytes) throws IOException {
        long end = windowAt + window.limit();
        if (at < windowAt || at + bytes > end) {
            if (window.capacity() < bytes) {
                window = ByteBuffer.allocate(bytes);
            }
            window.clear();
            file.read(window, at);
            window.flip();
            windowAt = at;
        }
        int skip = (int) (at - windowAt);
        return window.slice(skip, bytes);
    }
}
