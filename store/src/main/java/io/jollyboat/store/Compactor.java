package io.jollyboat.store;

import io.jollyboat.store.Changes.Change;
import io.jollyboat.store.Disk.DiskFile;
import io.jollyboat.store.Frame.Header;
import io.jollyboat.store.Store.Entry;
import io.jollyboat.world.Task;
import io.jollyboat.world.World;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Writes a new, shorter log when the present one has grown too long: the entries as they were at the oldest revision
 * that is still known, then the changes since. So what watchers can resume from outlives both the compaction and a
 * restart.
 *
 * <p>A task of its own writes the new file beside the old one, while the writing thread goes on appending to the old.
 * What was appended meanwhile is copied frame by frame. Only the last few of these, and the renaming, happen in the
 * writing thread, between two groups. Until the renaming is durable the old file is the log; a half-written new one is
 * deleted at the next start.
 */
final class Compactor {
    static final String LOG = "store.log";
    static final String NEW = "store.new";

    /** A log is rewritten when it has grown by this since its base, or has doubled, whichever is more. */
    static final long GROWTH_BYTES = 32L << 20;

    private static final Logger LOGGER = System.getLogger(Compactor.class.getName());
    private static final int FRAME_BYTES = 256 << 10;
    private static final Duration CLOSING = Duration.ofSeconds(60);

    private final World world;
    private final Disk disk;
    private final Engine engine;
    private final long growth;
    private Optional<Task> running = Optional.empty(); // of the writing thread, like all that is not final here
    private long due;
    private volatile boolean closing;

    Compactor(World world, Disk disk, Engine engine, long growth, long baseEnd) {
        this.world = world;
        this.disk = disk;
        this.engine = engine;
        this.growth = growth;
        this.due = baseEnd + Math.max(growth, baseEnd);
    }

    /** Takes over from the old log when the new file is written. */
    interface Successor {
        /** Called by the copying task; the switch must run in the writing thread. */
        void between(Runnable errand);

        /** Called in the writing thread. */
        void use(Log log);
    }

    /** A log that is being written: what it begins with, and how far it and the old one are copied. */
    private static final class Job {
        final Log old;
        final Version base;
        final List<Change> changes;
        long copied; // in the old file
        long end = Frame.HEADER; // of the new file
        long baseEnd = Frame.HEADER;

        Job(Log old, Version base, List<Change> changes) {
            this.old = old;
            this.base = base;
            this.changes = changes;
            this.copied = old.end();
        }
    }

    /** Starts the rewriting of a log that has grown too long; the writing thread asks after each group. */
    void consider(Log log, Successor successor) {
        if (running.isEmpty() && log.end() >= due) {
            Job job = begin(log);
            running = Optional.of(world.start("store compaction", () -> copy(job, successor)));
        }
    }

    private Job begin(Log log) {
        Version latest = engine.latest();
        Version base = latest;
        List<Change> changes = new ArrayList<>();
        for (long revision = latest.revision(); revision > engine.history().compacted(); revision--) {
            Optional<Version> before = engine.history().find(revision - 1);
            if (before.isEmpty()) {
                break; // compacted just now by somebody else
            }
            changes.add(base.change());
            base = before.get();
        }
        return new Job(log, base, changes.reversed());
    }

    private void copy(Job job, Successor successor) {
        try {
            disk.delete(NEW);
            DiskFile file = disk.open(NEW);
            try {
                write(job, file);
                catchUp(job, file);
                file.force();
                successor.between(() -> change(job, file, successor));
            } catch (IOException | RuntimeException e) {
                file.close();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            successor.between(() -> giveUp(job.old, e));
        }
    }

    private void write(Job job, DiskFile file) throws IOException {
        Header header = new Header(
                job.old.mark(), job.base.revision(), job.base.entries().size());
        file.write(header.encode(), 0);
        Frame frame = new Frame(header.mark());
        for (Entry entry : job.base.entries().all()) {
            frame.add(entry.key(), entry.revision(), Optional.of(entry.bytes()));
            flush(job, frame, file, FRAME_BYTES);
        }
        flush(job, frame, file, 1);
        job.baseEnd = job.end;
        for (Change change : job.changes) {
            frame.add(change.key(), change.revision(), change.bytes());
            flush(job, frame, file, FRAME_BYTES);
        }
        flush(job, frame, file, 1);
    }

    private void flush(Job job, Frame frame, DiskFile file, int from) throws IOException {
        if (closing) {
            throw new IOException("the store is closing");
        }
        if (frame.size() >= from) {
            int length = Frame.padded(frame.size());
            file.write(frame.take(), job.end);
            frame.clear();
            job.end += length;
        }
    }

    private static void catchUp(Job job, DiskFile file) throws IOException {
        long until = job.old.copy(job.copied, file, job.end);
        job.end += until - job.copied;
        job.copied = until;
    }

    /** In the writing thread: nothing is appended while this runs. */
    private void change(Job job, DiskFile file, Successor successor) {
        try {
            catchUp(job, file);
            file.force();
        } catch (IOException | RuntimeException e) {
            close(file);
            giveUp(job.old, e);
            return;
        }
        Log log = new Log(file, disk.where() + "/" + LOG, job.old.mark(), job.end);
        try {
            disk.rename(NEW, LOG);
            disk.forceNames();
            job.old.abandon();
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Level.ERROR, log.lost(e).getMessage()); // which of the two is the log now, only a start can tell
        }
        LOGGER.log(
                Level.DEBUG,
                "{0}: the log was rewritten, {1} bytes instead of {2}",
                disk.where(),
                String.valueOf(job.end),
                String.valueOf(job.copied));
        due = Math.max(job.baseEnd + Math.max(growth, job.baseEnd), job.end + growth / 2);
        running = Optional.empty();
        successor.use(log);
    }

    private void giveUp(Log old, Exception e) {
        LOGGER.log(
                Level.WARNING, "{0}: the log could not be rewritten ({1}); it grows on until it can", disk.where(), e);
        deleteNew();
        due = old.end() + growth / 2;
        running = Optional.empty();
    }

    /** Ends a rewriting that goes on; called when the writing thread has ended. */
    void close() throws InterruptedException {
        closing = true;
        if (running.isPresent()) {
            running.get().join(CLOSING);
            deleteNew();
        }
    }

    private void deleteNew() {
        try {
            disk.delete(NEW);
        } catch (IOException e) {
            LOGGER.log(Level.DEBUG, "a left-over {0} is deleted at the next start ({1})", NEW, e);
        }
    }

    private static void close(DiskFile file) {
        try {
            file.close();
        } catch (IOException e) {
            LOGGER.log(Level.DEBUG, "closing a file that nobody needs any more: {0}", e);
        }
    }
}
