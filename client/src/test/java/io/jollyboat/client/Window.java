package io.jollyboat.client;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The ConfigMaps of the namespace {@code default}, as they are shown in one form over one way. */
interface Window {
    /**
     * One page of a list.
     *
     * @param items in the form of {@link Journal#brief}
     * @param next where the list goes on, "" at its end
     */
    record Page(List<String> items, long revision, String next) {}

    /**
     * One event of a watch.
     *
     * @param brief in the form of {@link Journal#brief}
     * @param initialEnd whether it is the bookmark after the objects that were there
     */
    record Seen(String type, String brief, long revision, boolean initialEnd) {}

    /** A watch; its end is an empty event, its violent end an IOException. */
    interface Events extends AutoCloseable {
        Optional<Seen> next() throws IOException;

        @Override
        void close();
    }

    /**
     * @param limit of items in a page
     * @param next "" for the first page
     * @throws IOException when the connection was cut
     * @throws io.jollyboat.api.StatusException for a refusal
     */
    Page list(String labels, int limit, String next) throws IOException;

    /** @param after a revision; -1 for all that is there, and then a bookmark */
    Events watch(String labels, long after) throws IOException;
}
