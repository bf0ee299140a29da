package io.jollyboat.store;

import io.jollyboat.store.Committer.Request;
import io.jollyboat.store.Compactor.Successor;
import io.jollyboat.store.Disk.DiskFile;
import io.jollyboat.store.Frame.Header;
import io.jollyboat.store.LogReader.Loaded;
import io.jollyboat.world.World;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The embedded store: everything in memory, and every write in a log on the disk before anybody sees it. See
 * {@link Frame} for the bytes, {@link Log} for what happens when the disk fails, {@link Compactor} for how the log stays
 * short.
 */
public final class LogStore extends EngineStore {
    private static final Logger LOGGER = System.getLogger(LogStore.class.getName());

    private final Disk disk;
    private final Compactor compactor;
    private final Committer committer;
    private final Frame frame;
    private final Successor successor = new Successor() {
        @Override
        public void between(Runnable errand) {
            committer.between(errand);
        }

        @Override
        public void use(Log next) {
            log = next;
        }
    };
    private Log log; // of the writing thread
    private boolean closed; // guarded by this

    private LogStore(Disk disk, World world, Loaded loaded, Log log, long growth) {
        super(new Engine(loaded.history()));
        this.disk = disk;
        this.log = log;
        this.frame = new Frame(log.mark());
        this.compactor = new Compactor(world, disk, engine, growth, loaded.baseEnd());
        this.committer = new Committer(world, this::commit);
    }

    /**
     * Opens the store in a folder; an empty one is made when there is none.
     *
     * @throws StoreException when another process uses it, or it is damaged, or the disk fails
     */
    public static LogStore open(Path folder, World world) {
        return open(FolderDisk.open(folder), world, History.Limits.DEFAULT, Compactor.GROWTH_BYTES);
    }

    /** Opens the store on a disk, which it closes in the end, also when this fails. */
    static LogStore open(Disk disk, World world, History.Limits limits, long growth) {
        try {
            disk.delete(Compactor.NEW);
            if (!disk.exists(Compactor.LOG)) {
                begin(disk, world);
            }
            DiskFile file = disk.open(Compactor.LOG);
            try {
                return load(disk, world, file, limits, growth);
            } catch (IOException | RuntimeException e) {
                file.close();
                throw e;
            }
        } catch (IOException e) {
            leave(disk);
            throw new StoreException(
                    "cannot open the store in " + disk.where() + " (" + e + "); look after the disk", e);
        } catch (RuntimeException e) {
            leave(disk);
            throw e;
        }
    }

    private static void begin(Disk disk, World world) throws IOException {
        try (DiskFile file = disk.open(Compactor.NEW)) {
            long mark = world.random().nextLong() | 1; // never 0: zeros are no frame
            file.write(new Header(mark, 0, 0).encode(), 0);
            file.force();
        }
        disk.rename(Compactor.NEW, Compactor.LOG);
        disk.forceNames();
    }

    private static LogStore load(Disk disk, World world, DiskFile file, History.Limits limits, long growth)
            throws IOException {
        String where = disk.where() + "/" + Compactor.LOG;
        Loaded loaded = LogReader.read(file, where, limits);
        if (loaded.torn() > 0) {
            LOGGER.log(
                    Level.WARNING,
                    "{0}: {1} bytes of an unfinished write were cut off at {2}; nobody was told that it was done",
                    where,
                    String.valueOf(loaded.torn()),
                    String.valueOf(loaded.end()));
        }
        file.cut(loaded.end());
        confirm(file, loaded);
        return new LogStore(
                disk, world, loaded, new Log(file, where, loaded.header().mark(), loaded.end()), growth);
    }

    /**
     * Makes sure that all that was read is durable before anybody sees it. All frames but the last were confirmed before
     * the next was written. The last may only be in the system's cache, marked as clean by a force that failed: so it is
     * written once more.
     */
    private static void confirm(DiskFile file, Loaded loaded) throws IOException {
        ByteBuffer last = ByteBuffer.allocate((int) (loaded.end() - loaded.lastFrame()));
        file.read(last, loaded.lastFrame());
        file.write(last.flip(), loaded.lastFrame());
        file.force();
    }

    @Override
    public Outcome write(String key, long expected, Optional<byte[]> value) {
        Engine.check(key, value);
        return committer.write(key, expected, value);
    }

    private void commit(List<Request> requests) {
        Draft draft = new Draft(engine.latest());
        List<Outcome> outcomes = new ArrayList<>(requests.size());
        for (Request request : requests) {
            outcomes.add(draft.write(request.key(), request.expected(), request.value()));
        }
        List<Version> versions = draft.versions();
        if (!versions.isEmpty()) {
            frame.clear();
            for (Version version : versions) {
                frame.add(
                        version.change().key(),
                        version.revision(),
                        version.change().bytes());
            }
            log.append(frame.take());
            publish(versions);
        }
        for (int i = 0; i < outcomes.size(); i++) {
            requests.get(i).answer().complete(outcomes.get(i));
        }
        compactor.consider(log, successor);
    }

    private void publish(List<Version> versions) {
        try {
            engine.publish(versions);
        } catch (RuntimeException | Error e) {
            throw log.lost(e); // the log is ahead of the memory now
        }
    }

    /** Ends when all writes that have begun are answered. The caller's interrupt waits until then. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        boolean interrupted = Thread.interrupted();
        try {
            committer.close();
            compactor.close();
            log.close();
        } catch (IOException e) {
            throw new StoreException("cannot close " + disk.where() + " (" + e.getMessage() + "); nothing is lost", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException("interrupted while closing " + disk.where() + "; close it again", e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        closed = true;
        engine.close();
        leave(disk);
    }

    private static void leave(Disk disk) {
        try {
            disk.close();
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "{0}: the lock could not be given back: {1}", disk.where(), e.getMessage());
        }
    }
}
