package io.jollyboat.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** A real folder, locked for this process. Only the owner may read it: Secrets are in there. */
final class FolderDisk implements Disk {
    private static final String LOCK = "store.lock";
    private static final Set<StandardOpenOption> READ_WRITE =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);

    private final Path folder;
    private final FileChannel lock;

    private FolderDisk(Path folder, FileChannel lock) {
        this.folder = folder;
        this.lock = lock;
    }

    /**
     * Opens a folder, and makes it when it is missing.
     *
     * @throws StoreException when it cannot be used, or another process has it open
     */
    static FolderDisk open(Path folder) {
        try {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            return new FolderDisk(folder, lock(folder));
        } catch (IOException e) {
            throw new StoreException(
                    "cannot open the store in " + folder + " (" + e + "); make the folder writable or use another", e);
        }
    }

    private static FileChannel lock(Path folder) throws IOException {
        FileChannel channel = openPrivately(folder.resolve(LOCK));
        try {
            if (!locked(channel)) {
                throw new StoreException("the store in " + folder + " is in use by process " + firstLine(channel)
                        + "; stop that one first, or use another folder");
            }
            channel.truncate(0);
            channel.write(ascii(ProcessHandle.current().pid() + "\n"), 0);
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            FileLock held = channel.tryLock();
            return held != null;
        } catch (OverlappingFileLockException e) {
            return false; // this very process has it open already
        }
    }

    private static String firstLine(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(32);
        channel.read(text, 0);
        return new String(text.array(), 0, text.position(), StandardCharsets.US_ASCII).strip();
    }

    private static ByteBuffer ascii(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static FileChannel openPrivately(Path file) throws IOException {
        return FileChannel.open(
                file, READ_WRITE, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    @Override
    public String where() {
        return folder.toString();
    }

    @Override
    public boolean exists(String name) {
        return Files.exists(folder.resolve(name));
    }

    @Override
    public DiskFile open(String name) throws IOException {
        return new ChannelFile(openPrivately(folder.resolve(name)));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Files.move(folder.resolve(from), folder.resolve(to), StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void delete(String name) throws IOException {
        Files.deleteIfExists(folder.resolve(name));
    }

    @Override
    public void forceNames() throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }

    private record ChannelFile(FileChannel channel) implements DiskFile {
        @Override
        public long length() throws IOException {
            return channel.size();
        }

        @Override
        public void read(ByteBuffer into, long at) throws IOException {
            long next = at;
            while (into.hasRemaining()) {
                int read = channel.read(into, next);
                if (read < 0) {
                    return;
                }
                next += read;
            }
        }

        @Override
        public void write(ByteBuffer from, long at) throws IOException {
            long next = at;
            while (from.hasRemaining()) {
                next += channel.write(from, next);
            }
        }

        @Override
        public void cut(long length) throws IOException {
            channel.truncate(length);
        }

        @Override
        public void force() throws IOException {
            channel.force(false);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
