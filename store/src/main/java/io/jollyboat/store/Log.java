package io.jollyboat.store;

import io.jollyboat.store.Disk.DiskFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The end of a log file, where frames are added. One thread appends; others may copy what is there already.
 *
 * <p>What can go wrong, and what then:
 * <ul>
 *   <li>a frame cannot be written (full disk): the file is cut back to the end of the last good frame, that write has
 *       failed, and the next may succeed;
 *   <li>that cut fails, or the disk does not confirm a frame: what is on the disk is not known any more (Linux forgets
 *       the pages that it could not write, and says so once), so nothing is written until the store is opened again.
 * </ul>
 */
final class Log implements Closeable {
    /** Room is made so far ahead of the end: forcing bytes that overwrite zeros needs no change of the file's length. */
    private static final int ROOM_AHEAD = 256 << 10;

    private static final int COPY_BYTES = 256 << 10;

    private final DiskFile file;
    private final String where;
    private final long mark;
    private volatile long end;
    private long room; // up to here the file has bytes already
    private Optional<String> broken = Optional.empty();

    Log(DiskFile file, String where, long mark, long end) {
        this.file = file;
        this.where = where;
        this.mark = mark;
        this.end = end;
        this.room = end;
    }

    long mark() {
        return mark;
    }

    /** Where the last good frame ends. */
    long end() {
        return end;
    }

    /**
     * Appends a frame; it is durable when this returns.
     *
     * @throws StoreException when it could not be written; nothing of it will be there, unless the disk failed to confirm
     */
    void append(ByteBuffer frame) {
        if (broken.isPresent()) {
            throw new StoreException(broken.get());
        }
        long next = end + frame.remaining();
        try {
            file.write(frame, end);
        } catch (IOException e) {
            takeBack();
            throw new StoreException(
                    "cannot write to " + where + " (" + e.getMessage() + "); make room on that disk, then try again",
                    e);
        }
        makeRoom(next);
        try {
            file.force();
        } catch (IOException e) {
            throw lost(e);
        }
        end = next;
    }

    private void makeRoom(long from) {
        if (from > room) {
            try {
                file.write(ByteBuffer.allocate(ROOM_AHEAD), from);
                room = from + ROOM_AHEAD;
            } catch (IOException _) {
                room = from; // the disk is nearly full; the frame itself has found its place
            }
        }
    }

    private void takeBack() {
        try {
            file.cut(end);
            file.force();
            room = end;
        } catch (IOException e) {
            throw lost(e);
        }
    }

    /** From now on every append fails with what this returns. */
    StoreException lost(Throwable cause) {
        String message = "the disk did not confirm a write to " + where + " (" + cause + "), so the store can only be"
                + " read now; look after the disk, then start again: what was acknowledged is safe";
        broken = Optional.of(message);
        return new StoreException(message, cause);
    }

    /** Copies the frames from a place on to another file; returns the place up to which it copied. */
    long copy(long from, DiskFile to, long at) throws IOException {
        long until = end;
        ByteBuffer piece = ByteBuffer.allocate((int) Math.min(COPY_BYTES, until - from));
        long next = from;
        while (next < until) {
            piece.clear().limit((int) Math.min(piece.capacity(), until - next));
            file.read(piece, next);
            piece.flip();
            if (!piece.hasRemaining()) {
                throw new IOException(where + " has become shorter");
            }
            int length = piece.remaining();
            to.write(piece, at + next - from);
            next += length;
        }
        return next;
    }

    /** Gives the room at the end back and closes the file. */
    @Override
    public void close() throws IOException {
        try (file) {
            if (broken.isEmpty() && room > end) {
                file.cut(end);
            }
        }
    }

    /** Closes a file that another has taken the place of. */
    void abandon() throws IOException {
        file.close();
    }
}
