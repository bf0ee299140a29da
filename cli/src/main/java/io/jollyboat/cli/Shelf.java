package io.jollyboat.cli;

import java.util.List;

/** Where a cluster keeps its images: asked in this process, or over HTTP. */
interface Shelf {
    /**
     * Keeps the images of an archive; their names.
     *
     * @param archive a tar, see {@code jolly image load}
     */
    List<String> load(byte[] archive);

    /** All that is kept, each as {@code repository:tag}. */
    List<String> names();
}
