package io.jollyboat.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A folder as the log sees it: the seam at which tests let a disk fill up, fail and lose what was not forced. */
interface Disk extends Closeable {
    /** The folder's name, for messages. */
    String where();

    boolean exists(String name) throws IOException;

    /** Opens a file for reading and writing; makes it when it is missing. */
    DiskFile open(String name) throws IOException;

    /** Gives a file another name, in the place of the one that had it, if any. */
    void rename(String from, String to) throws IOException;

    /** Deletes a file, if it is there. */
    void delete(String name) throws IOException;

    /** Returns when the names of all files will survive a power failure. */
    void forceNames() throws IOException;

    /** One file; every access names its place, and several threads may read while one writes. */
    interface DiskFile extends Closeable {
        long length() throws IOException;

        /** Reads until the buffer is full or the file ends. */
        void read(ByteBuffer into, long at) throws IOException;

        /** Writes the whole buffer; when it fails any part may have been written. */
        void write(ByteBuffer from, long at) throws IOException;

        void cut(long length) throws IOException;

        /** Returns when what was written will survive a power failure. */
        void force() throws IOException;
    }
}
